"""Which sequences a folder of endpoints allows."""

from watercolor_rig.core.endpoints import MissingEndpoint, catalogue_endpoints, pair_endpoints
from watercolor_rig.core.rig import BasePath, BasePathId, ExpressionId, PoseId, Rig

RIG = Rig(
    base_paths=(BasePath(BasePathId("a_to_b"), ExpressionId("a"), ExpressionId("b")),),
    expressions={ExpressionId("a"): {}, ExpressionId("b"): {}},
)


def test_files_are_sorted_into_endpoints_and_ignored_ones() -> None:
    names = ["b__left.png", "a__left.png", "c__left.png", "a.png", "a__b__c.png", "a__left.jpg", ".DS_Store"]

    catalogue = catalogue_endpoints(names, RIG)

    assert list(catalogue.files.values()) == ["a__left.png", "b__left.png"]
    assert catalogue.ignored == ("a.png", "a__b__c.png", "a__left.jpg", "c__left.png")


def test_every_pose_with_both_endpoints_gets_its_sequence() -> None:
    names = ["a__left.png", "b__left.png", "a__right.png", "b__right.png", "a__up.png"]

    specs, missing = pair_endpoints(RIG, catalogue_endpoints(names, RIG))

    assert [spec.path for spec in specs] == ["a_to_b__left", "a_to_b__right"]
    assert missing == [MissingEndpoint("a_to_b__up", ("b__up.png",))]


def test_an_empty_folder_tells_what_was_looked_for_at_the_declared_poses() -> None:
    rig = Rig(RIG.base_paths, RIG.expressions, poses=(PoseId("center"),))

    specs, missing = pair_endpoints(rig, catalogue_endpoints([], rig))

    assert specs == []
    assert missing == [MissingEndpoint("a_to_b__center", ("a__center.png", "b__center.png"))]

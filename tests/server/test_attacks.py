"""What a web page, a neighbour or a forged file may try against the server, and that it gets nothing."""

import http.client
import json
import struct
import zlib
from collections.abc import Iterator, Mapping

import pytest

from support.project import Project, lying_in, picture
from support.served import Answer, Served, serving
from watercolor_rig.app.toolbox import Toolbox

FRAME = "/frames/neutral_to_ah__center/050.png"
MARK = "/api/v1/sequences/neutral_to_ah__center/frames/0.5/marks"
KEY = "sk-test-0123456789abcdefghij"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project that all attacks share: none of them may change it."""
    project = Project(tmp_path_factory.mktemp("attacked"))
    project.configure()
    for expression in ("neutral", "ah"):
        project.draw(expression)
    project.make(1)
    (project.root / ".env").write_text(f"OPENAI_API_KEY={KEY}", encoding="utf-8")
    return project


@pytest.fixture(scope="module")
def served(shared: Project) -> Iterator[Served]:
    with serving(shared.root, toolbox=Toolbox(environment={"OPENAI_API_KEY": KEY})) as served:
        yield served


@pytest.fixture
def locked(project: Project) -> Iterator[Served]:
    project.make(1)
    with serving(project.root, token=True, any_host=True) as served:
        yield served


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:{port}",
        "localhost.evil.example:{port}",
        "localhost",
        "127.0.0.1:1",
        "[::1]",
        "[::1]:1",
        "[::ffff:127.0.0.1]:{port}",
        "localhost:{port}@evil.example",
        "",
    ],
)
def test_a_name_that_is_not_ours_is_refused(served: Served, host: str) -> None:
    answer = served.get(FRAME, {"Host": host.format(port=served.port)})

    assert (answer.status, answer.json()["code"]) == (403, "host")


@pytest.mark.parametrize("host", ["localhost:{port}", "127.0.0.1:{port}", "[::1]:{port}", "LOCALHOST:{port}"])
def test_our_own_names_are_answered(served: Served, host: str) -> None:
    assert served.get(FRAME, {"Host": host.format(port=served.port)}).status == 200


def test_two_hosts_are_one_too_many(served: Served) -> None:
    request = f"GET /health HTTP/1.1\r\nHost: {served.host}\r\nHost: evil.example\r\nConnection: close\r\n\r\n"

    answer = served.raw(request.encode())

    assert answer.split(b" ", 2)[1] in {b"400", b"403"}


def test_a_request_without_a_host_is_refused(served: Served) -> None:
    assert served.raw(b"GET /health HTTP/1.0\r\n\r\n").split(b" ", 2)[1] in {b"400", b"403"}


def test_an_address_in_full_does_not_stand_in_for_the_host(served: Served) -> None:
    request = f"GET http://{served.host}/health HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"

    assert served.raw(request.encode()).split(b" ", 2)[1] == b"403"


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:1"},
        {"Origin": "https://localhost:{port}"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost:{port}"},
    ],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [("PUT", MARK), ("POST", "/api/v1/jobs"), ("POST", "/timeline/neutral_to_ah__center/regenerate"), ("DELETE", "/")],
)
def test_a_page_of_somebody_else_changes_nothing(
    served: Served, shared: Project, method: str, path: str, headers: Mapping[str, str]
) -> None:
    before = lying_in(shared.root / "frames")
    sent = {key: value.format(port=served.port) for key, value in headers.items()}

    answer = served.send(method, path, {"flagged": True, "t": 0.5}, sent)

    assert (answer.status, answer.json()["code"]) == (403, "origin")
    assert lying_in(shared.root / "frames") == before


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost:{port}"},
        {"Origin": "http://localhost:{port}"},
    ],
)
def test_our_own_pages_and_programs_may_change_things(served: Served, headers: Mapping[str, str]) -> None:
    sent = {key: value.format(port=served.port) for key, value in headers.items()}

    answer = served.send("PUT", MARK, {"flagged": True}, sent)

    assert (answer.status, answer.json()["flagged"]) == (200, True)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_what_a_form_can_send_is_no_json(served: Served, kind: str) -> None:
    answer = served.ask("PUT", MARK, b'{"flagged": true}', {"Content-Type": kind})

    assert (answer.status, answer.json()["code"]) == (415, "media_type")


PLACES_OUTSIDE = [
    "/frames/..%2f..%2f.env",
    "/frames/..%2f..%2f/.env",
    "/frames/%2e%2e/.env",
    "/frames//etc/passwd",
    "/frames/%2fetc/passwd",
    "/frames/neutral_to_ah__center/..%2f..%2f..%2fexpressions.json",
    "/frames/neutral_to_ah__center/..%5c..%5cexpressions.json",
    "/frames/neutral_to_ah__center/%2fetc%2fpasswd",
    "/frames/neutral_to_ah__center/050.png%00.txt",
    "/frames/neutral_to_ah__center%00/050.png",
    "/frames/neutral_to_ah__center/%u002e%u002e",
    "/frames/neutral_to_ah__center/%c0%ae%c0%ae%c0%af.env",
    "/frames/neutral_to_ah__center/\uff0e\uff0e\uff0f.env".encode().decode("latin-1"),
    "/frames/./neutral_to_ah__center",
    "/frames/sequences/../endpoints/neutral__center.png",
    "/frames/sequences/%2e%2e/endpoints%2fneutral__center.png",
    "/timeline/..%2f..",
    "/timeline/%2e%2e",
    "/timeline/.",
    "/timeline/%00",
    "/api/v1/exports/..%2fexpressions.json",
    "/api/v1/exports/%2e%2e%2f.env",
    "/api/v1/pictures/" + "0" * 64 + ".png",
    "/api/v1/thumbnails/96/" + "0" * 64 + ".webp",
    "/assets/..%2fpages.py",
    "/..%2fpages.py",
    "/%2e%2e/%2e%2e/.env",
]


@pytest.mark.parametrize("path", PLACES_OUTSIDE)
@pytest.mark.parametrize("accept", ["*/*", "text/html"])
def test_no_address_leads_out_of_what_may_be_seen(served: Served, path: str, accept: str) -> None:
    request = f"GET {path} HTTP/1.1\r\nHost: {served.host}\r\nAccept: {accept}\r\nConnection: close\r\n\r\n"

    answer = served.raw(request.encode("latin-1"))

    status = answer.split(b" ", 2)[1]
    assert status in {b"404", b"400"} or (status == b"503" and b"not built" in answer)
    assert not any(secret in answer for secret in (b"root:", b"base_paths", KEY.encode(), b"import "))


def test_links_out_of_the_project_are_not_followed(project: Project, tmp_path_factory: pytest.TempPathFactory) -> None:
    project.make(1)
    outside = tmp_path_factory.mktemp("outside")
    (outside / "manifest.json").write_text('{"frames": []}', encoding="utf-8")
    (outside / "050.png").write_bytes(picture(3))
    (project.sequences / "linked__center").symlink_to(outside, target_is_directory=True)
    (project.sequences / "neutral_to_ah__center/099.png").symlink_to(outside / "050.png")

    places = (
        "/timeline/linked__center",
        "/frames/linked__center/050.png",
        "/frames/neutral_to_ah__center/099.png",
    )

    with serving(project.root) as served:
        answers = [served.get(path).status for path in places]
        listed = served.get("/timelines").json()

    assert (answers, listed) == ([404, 404, 404], ["neutral_to_ah__center"])


def test_a_body_that_says_it_is_too_large_is_refused_unread(served: Served) -> None:
    request = (
        f"PUT /api/v1/endpoints/ah/center HTTP/1.1\r\nHost: {served.host}\r\n"
        f"Content-Type: image/png\r\nContent-Length: {33 * 1024**2}\r\nConnection: close\r\n\r\n"
    )

    assert served.raw(request.encode()).split(b" ", 2)[1] == b"413"


@pytest.mark.parametrize(
    ("path", "kind", "megabytes"),
    [("/api/v1/endpoints/ah/center", "image/png", 33), ("/api/v1/jobs", "application/json", 2)],
)
def test_a_body_that_says_nothing_of_its_length_is_cut_off(
    served: Served, path: str, kind: str, megabytes: int
) -> None:
    answer = chunked(served, "PUT" if "endpoints" in path else "POST", path, kind, megabytes)

    assert (answer.status, answer.json()["code"]) == (413, "too_large")


def chunked(served: Served, method: str, path: str, kind: str, megabytes: int) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=30)
    connection.putrequest(method, path, skip_host=True)
    for name, value in (("Host", served.host), ("Content-Type", kind), ("Transfer-Encoding", "chunked")):
        connection.putheader(name, value)
    connection.endheaders()
    part = b" " * 1024**2
    try:
        for _ in range(megabytes):
            connection.send(b"%x\r\n%s\r\n" % (len(part), part))
        connection.send(b"0\r\n\r\n")
    except OSError:
        pass  # it was cut off before we had said all
    response = connection.getresponse()
    answer = Answer(response.status, dict(response.getheaders()), response.read())
    connection.close()
    return answer


def bomb(width: int, height: int) -> bytes:
    """Return a small PNG that says it is huge, and is."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    rows = zlib.compress(b"\0" * (width * 4 + 1) * 64)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (bomb(9_000, 9_000), "megapixels"),
        (bomb(200_000, 200_000), "too many pixels"),
        (b"GIF89a" + b"\0" * 100, "not a PNG, JPEG or WebP"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a PNG, JPEG or WebP"),
        (b"%PDF-1.7", "not a PNG, JPEG or WebP"),
        (picture(3)[:200], "broken or truncated"),
        (b"", "not a PNG, JPEG or WebP"),
    ],
)
def test_what_is_no_picture_or_a_bomb_is_refused_and_nothing_changes(
    served: Served, shared: Project, data: bytes, reason: str
) -> None:
    before = lying_in(shared.root / "frames")

    answer = served.ask("PUT", "/api/v1/endpoints/ah/center", data, {"Content-Type": "image/png"})

    assert (answer.status, answer.json()["code"]) == (422, "picture")
    assert reason in answer.json()["detail"]
    assert lying_in(shared.root / "frames") == before


@pytest.mark.parametrize("path", ["/", "/health", FRAME, "/api/v1/project", "/none", "/api/v1/sequences/none"])
def test_every_answer_keeps_browsers_from_guessing_and_framing(served: Served, path: str) -> None:
    headers = served.get(path, {"Accept": "text/html"}).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]


def test_refusals_carry_the_same_headers(served: Served) -> None:
    headers = served.get("/health", {"Host": "evil.example"}).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]


def test_no_answer_tells_the_key(served: Served) -> None:
    paths = ["/api/v1/project", "/api/v1/engines", "/api/v1/jobs", "/api/v1/openapi.json", "/health", "/api/v1/history"]
    order = {"work": {"kind": "sequences"}, "engine": "openai"}

    answers = [served.get(path).body for path in paths] + [served.send("POST", "/api/v1/estimate", order).body]

    assert not any(KEY.encode() in answer for answer in answers)


def test_no_page_of_another_origin_may_read_unless_it_is_named(served: Served) -> None:
    answer = served.get(FRAME, {"Origin": "https://evil.example"})
    preflight = served.ask(
        "OPTIONS", FRAME, headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "GET"}
    )

    assert "access-control-allow-origin" not in answer.headers
    assert "access-control-allow-origin" not in preflight.headers


def test_the_origin_that_is_named_may_read_and_write_and_no_other(project: Project) -> None:
    origin = "http://localhost:3000"
    project.make(1)
    with serving(project.root, cors_origin=origin) as served:
        read = served.get(FRAME, {"Origin": origin, "Sec-Fetch-Site": "same-site"})
        asked = served.ask("OPTIONS", MARK, headers={"Origin": origin, "Access-Control-Request-Method": "PUT"})
        written = served.send("PUT", MARK, {"flagged": True}, {"Origin": origin, "Sec-Fetch-Site": "same-site"})
        other = served.get(FRAME, {"Origin": "http://localhost:3001"})
        forged = served.send("PUT", MARK, {"flagged": False}, {"Origin": "http://localhost:3001"})

    assert (read.status, read.headers["access-control-allow-origin"]) == (200, origin)
    assert (asked.status, "PUT" in asked.headers["access-control-allow-methods"]) == (204, True)
    assert (written.status, written.json()["flagged"]) == (200, True)
    assert (other.status, "access-control-allow-origin" in other.headers, forged.status) == (200, False, 403)
    assert "Origin" in other.headers["vary"]
    assert not any("access-control-allow-credentials" in answer.headers for answer in (read, asked, written, other))


@pytest.mark.parametrize("path", ["/health", "/timelines", FRAME, "/api/v1/project", "/api/v1/events", "/"])
def test_without_a_token_a_locked_server_says_nothing(locked: Served, path: str) -> None:
    answer = locked.get(path)

    assert (answer.status, answer.json()["code"]) == (401, "token")


def test_a_ticket_buys_a_cookie_once_and_leaves_the_address(locked: Served) -> None:
    assert locked.tokens is not None
    ticket = locked.tokens.ticket

    first = locked.get(f"/?token={ticket}&view=jobs", {"Accept": "text/html"})
    again = locked.get(f"/?token={ticket}", {"Accept": "text/html"})
    cookie = first.headers["set-cookie"]
    inside = locked.get("/timelines", {"Cookie": cookie.partition(";")[0]})

    assert (first.status, first.headers["location"]) == (303, "/?view=jobs")
    assert all(part in cookie for part in ("HttpOnly", "SameSite=Strict", "Path=/"))
    assert ticket not in cookie
    assert (again.status, "set-cookie" in again.headers) == (401, False)
    assert (inside.status, inside.json()) == (200, ["neutral_to_ah__center"])


def test_the_stage_is_locked_too_and_its_own_address_takes_a_ticket(locked: Served) -> None:
    assert locked.tokens is not None

    refused = [
        locked.get("/stage", {"Accept": "text/html"}).status,
        locked.get("/api/v1/rig").status,
        locked.send("POST", "/api/v1/stage", {"expression": "ah", "pose": "center"}).status,
    ]
    let_in = locked.get(f"/stage?token={locked.tokens.ticket}&expression=ah", {"Accept": "text/html"})

    assert refused == [401, 401, 401]
    assert (let_in.status, let_in.headers["location"]) == (303, "/stage?expression=ah")


@pytest.mark.parametrize(
    "path", ["//evil.example", "/\\evil.example", "/%0d%0aSet-Cookie:%20a=b", "/%2f%2fevil.example"]
)
def test_a_ticket_does_not_lead_elsewhere(locked: Served, path: str) -> None:
    assert locked.tokens is not None

    answer = locked.raw(
        f"GET {path}?token={locked.tokens.ticket} HTTP/1.1\r\nHost: a:1\r\nConnection: close\r\n\r\n".encode()
    )

    [location] = [line for line in answer.split(b"\r\n") if line.lower().startswith(b"location:")]
    assert location.partition(b": ")[2].startswith(b"/")
    assert not location.partition(b": ")[2].startswith((b"//", b"/\\"))
    assert b"a=b" not in answer.split(b"\r\n")


def test_programs_show_the_token_as_bearer(locked: Served) -> None:
    assert locked.tokens is not None

    right = locked.get("/timelines", {"Authorization": f"Bearer {locked.tokens.bearer}"})
    wrong = [
        locked.get("/timelines", {"Authorization": value}).status
        for value in (f"Basic {locked.tokens.bearer}", "Bearer ", f"Bearer {locked.tokens.ticket}", "Bearer é")
    ]

    assert (right.status, wrong) == (200, [401, 401, 401, 401])


def test_a_token_does_not_excuse_a_foreign_page(locked: Served) -> None:
    assert locked.tokens is not None
    headers = {"Authorization": f"Bearer {locked.tokens.bearer}", "Origin": "https://evil.example"}

    assert locked.send("PUT", MARK, {"flagged": True}, headers).status == 403


def test_a_defect_is_told_on_the_console_and_not_to_the_client(
    served: Served, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise ZeroDivisionError(KEY)

    monkeypatch.setattr(served.studio, "project", broken)

    answer = served.get("/api/v1/project")

    assert (answer.status, answer.json()["code"]) == (500, "defect")
    assert KEY not in json.dumps(answer.json())
    assert "ZeroDivisionError" in caplog.text

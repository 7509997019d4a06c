// The networks as ONNX models. Of the format's schema, what they need: names and numbers of its fields.
import protobuf from 'protobufjs';

const { root } = protobuf.parse(
  `
syntax = "proto3";
message Attribute { string name = 1; float f = 2; int64 i = 3; repeated int64 ints = 8; int32 type = 20; }
message Node { repeated string input = 1; repeated string output = 2; string op_type = 4; repeated Attribute attribute = 5; }
message Tensor { repeated int64 dims = 1; int32 data_type = 2; string name = 8; bytes raw_data = 9; }
message Dimension { int64 dim_value = 1; }
message Shape { repeated Dimension dim = 1; }
message TensorType { int32 elem_type = 1; Shape shape = 2; }
message Type { TensorType tensor_type = 1; }
message ValueInfo { string name = 1; Type type = 2; }
message Graph { repeated Node node = 1; string name = 2; repeated Tensor initializer = 5; repeated ValueInfo input = 11; repeated ValueInfo output = 12; }
message OperatorSet { int64 version = 2; }
message Model { int64 ir_version = 1; Graph graph = 7; repeated OperatorSet opset_import = 8; }
`,
  { keepCase: true },
);

const float32 = 1;
const [floatAttribute, integerAttribute, integersAttribute] = [1, 2, 7];

/** The model for a batch of a fixed size, its input `x` and its output `y`. Images are channels first inside, as the format wants them. */
export function onnxModel({ layers, sample }, arrays, batch) {
  const graph = {
    node: [],
    name: 'network',
    initializer: [],
    input: [valueInfo('x', [batch, ...sample])],
    output: [valueInfo('y', [batch, 10])],
  };
  const node = (op_type, input, output, attribute = []) => graph.node.push({ op_type, input, output: [output], attribute });
  const tensor = (name, dims, data) => {
    graph.initializer.push({
      name,
      dims: [...dims],
      data_type: float32,
      raw_data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    });
    return name;
  };
  const given = (name) => tensor(name, arrays[name].shape, arrays[name].data);
  let current = 'x';
  let channelsFirst = false;
  const transposeTo = (first) => {
    if (channelsFirst === first) return;
    node('Transpose', [current], `${current}/transposed`, [integers('perm', first ? [0, 3, 1, 2] : [0, 2, 3, 1])]);
    [current, channelsFirst] = [`${current}/transposed`, first];
  };
  const add = {
    dense: ({ name, bias }, y) => node('Gemm', [current, given(`${name}/kernel`), ...(bias ? [given(`${name}/bias`)] : [])], y),
    conv2d: ({ name }, y) => {
      transposeTo(true);
      const { shape, data } = arrays[`${name}/kernel`];
      const [rows, columns, inputs, filters] = shape;
      const attributes = [integers('kernel_shape', [rows, columns]), integers('pads', [1, 1, 1, 1])];
      node('Conv', [current, tensor(`${name}/kernel`, [filters, inputs, rows, columns], filtersFirst(data, shape))], y, attributes);
    },
    batchNorm: ({ name, features }, y) => {
      // The moments that training starts from.
      const [mean, variance] = [
        [`${name}/mean`, 0],
        [`${name}/variance`, 1],
      ].map(([path, value]) => tensor(path, [features], new Float32Array(features).fill(value)));
      const inputs = [current, given(`${name}/gamma`), given(`${name}/beta`), mean, variance];
      node('BatchNormalization', inputs, y, [{ name: 'epsilon', type: floatAttribute, f: 1e-5 }]);
    },
    maxPool2d: (_, y) => node('MaxPool', [current], y, [integers('kernel_shape', [2, 2]), integers('strides', [2, 2])]),
    flatten: (_, y) => {
      transposeTo(false);
      node('Flatten', [current], y, [{ name: 'axis', type: integerAttribute, i: 1 }]);
    },
    relu: (_, y) => node('Relu', [current], y),
    selu: (_, y) => node('Selu', [current], y),
  };
  layers.forEach((layer, index) => {
    const y = index === layers.length - 1 ? 'y' : `value${index}`;
    add[layer.type](layer, y);
    current = y;
  });
  const Model = root.lookupType('Model');
  return Model.encode(Model.fromObject({ ir_version: 8, opset_import: [{ version: 17 }], graph })).finish();
}

const integers = (name, ints) => ({ name, type: integersAttribute, ints });

const valueInfo = (name, shape) => ({
  name,
  type: { tensor_type: { elem_type: float32, shape: { dim: shape.map((dim_value) => ({ dim_value })) } } },
});

/** From [rows, columns, inputs, filters] to [filters, inputs, rows, columns]. */
function filtersFirst(data, [rows, columns, inputs, filters]) {
  const moved = new Float32Array(data.length);
  for (let position = 0; position < rows * columns; position++) {
    for (let input = 0; input < inputs; input++) {
      for (let filter = 0; filter < filters; filter++) {
        moved[(filter * inputs + input) * rows * columns + position] = data[(position * inputs + input) * filters + filter];
      }
    }
  }
  return moved;
}

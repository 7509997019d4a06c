// Runs nn programs on TensorFlow.js devices.
export {};

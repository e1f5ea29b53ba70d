package uk.ac.manchester.tornado.api.enums;

/** What a kernel is compiled to. */
public enum TornadoVMBackendType {
  /** OpenCL C. */
  OPENCL,
  /** Metal's shading language. */
  METAL,
  /** NVIDIA's assembly. */
  PTX,
  /** CUDA C. */
  CUDA,
  /** SPIR-V. */
  SPIRV,
  /** Java: not compiled for a device. */
  JAVA,
  /** A device that exists only as a description. */
  VIRTUAL
}

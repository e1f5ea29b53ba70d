package uk.ac.manchester.tornado.api.enums;

/** Kinds of devices. */
public enum TornadoDeviceType {
  /** Not known. */
  UNKNOWN,
  /** The first that is found. */
  DEFAULT,
  /** A CPU. */
  CPU,
  /** A graphics processor. */
  GPU,
  /** Programmable logic. */
  FPGA,
  /** Another accelerator. */
  ACCELERATOR,
  /** A device of a vendor's own kind. */
  CUSTOM,
  /** All kinds. */
  ALL
}

package uk.ac.manchester.tornado.api.enums;

/** Sizes of a matrix-unit operation, for one sub-group of 32 items. */
public enum MMAShape {
  /** 16 x 8 results over 16 half-precision products each. */
  M16N8K16,
  /** 16 x 8 results over 32 products of bytes each. */
  M16N8K32
}

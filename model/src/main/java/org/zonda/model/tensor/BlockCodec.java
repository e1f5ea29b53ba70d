package org.zonda.model.tensor;

import java.lang.foreign.MemorySegment;

/**
 * What the codecs of blocked formats share: the checks and the walk over the blocks. All of them
 * refuse to encode what is no finite number or above {@link #largest()}, before anything is
 * written.
 */
abstract class BlockCodec implements Codec {

  /** The largest finite half-precision number, what most formats' scales are. */
  static final float LARGEST_HALF = 65504;

  private final TensorType type;

  BlockCodec(TensorType type) {
    this.type = type;
  }

  @Override
  public final TensorType type() {
    return type;
  }

  /**
   * The largest magnitude that is encoded. One limit for all formats with half-precision scales:
   * what such a scale itself can be. Whatever is within it overflows no scale and no minimum.
   */
  float largest() {
    return LARGEST_HALF;
  }

  /** Decodes the block at an offset to the values from an index on. */
  abstract void decodeBlock(MemorySegment source, long block, float[] target, int first);

  /** Encodes the values from an index on to the block at an offset, writing all its bytes. */
  abstract void encodeBlock(
      float[] source, int first, MemorySegment target, long block, Workspace workspace);

  @Override
  public final void decode(
      MemorySegment source, long sourceOffset, float[] target, int targetOffset, int count) {
    int blocks = CodecBounds.blocks(type, source, sourceOffset, target, targetOffset, count);
    for (int b = 0; b < blocks; b++) {
      long block = sourceOffset + (long) b * type.blockBytes();
      decodeBlock(source, block, target, targetOffset + b * type.blockElements());
    }
  }

  @Override
  public final void encode(
      float[] source, int sourceOffset, MemorySegment target, long targetOffset, int count) {
    int blocks = CodecBounds.blocks(type, target, targetOffset, source, sourceOffset, count);
    CodecBounds.storable(type, source, sourceOffset, count, largest());
    Workspace workspace = new Workspace();
    for (int b = 0; b < blocks; b++) {
      long block = targetOffset + (long) b * type.blockBytes();
      encodeBlock(source, sourceOffset + b * type.blockElements(), target, block, workspace);
    }
  }
}

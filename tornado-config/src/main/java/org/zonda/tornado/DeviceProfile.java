package org.zonda.tornado;

import java.util.Objects;

/**
 * How kernels are cut for a device. Every number is a choice of speed, none of correctness: kernels
 * give the same answers with any of them. Work-items are counted as TornadoVM does: {@code lanes *
 * rowsPerGroup} of them are one work-group of a matrix-vector product.
 *
 * <p>{@code int8Inputs} and {@code tensorCores} are more than that: they round what products read.
 * They need TornadoVM's CUDA or PTX backend; with another one, loading a model fails and says so.
 * No built-in profile has them: their kernels have been checked on the simulator and compiled, but
 * never run on a GPU nor measured.
 *
 * @param name which it is, such as {@code nvidia}
 * @param description where the numbers come from, with the machine if they were measured
 * @param lanes work-items that share one row of a matrix-vector product; a power of two
 * @param rowsPerGroup rows that one work-group of a matrix-vector product computes
 * @param normGroup work-items that normalise one row, or one head; a power of two
 * @param attentionGroup work-items of an attention work-group; a power of two
 * @param attentionSplits shares into which decode cuts the pages of one sequence and one KV head; 1
 *     leaves them together
 * @param elementGroup work-items of a work-group where each value is computed by itself; a power of
 *     two
 * @param matmulTile rows of the weights, and rows of the pass (tokens), that one tile of a matrix
 *     product covers: 16, 32 or 64
 * @param layersPerGraph layers that one task graph of generation holds at most. Each is compiled by
 *     itself, and each graph is one launch from the host: fewer layers start sooner, more layers
 *     run with fewer launches. Graphs for prompts hold one layer
 * @param captureGraphs whether to have the driver capture a graph and replay it, where the backend
 *     can
 * @param int8Inputs whether generation rounds activations to 8 bits, in blocks of 32 with one scale
 *     each, before they are multiplied by Q8_0, Q4_0, Q4_K or Q6_K weights, four products an
 *     instruction (dp4a). Logits change by some percent, as with other engines that do so
 * @param tensorCores whether prompts round activations to half floats before they are multiplied by
 *     F16 weights without a bias, on tensor cores (compute capability 8.0 or higher). Activations
 *     beyond 65504 become infinite
 */
public record DeviceProfile(
    String name,
    String description,
    int lanes,
    int rowsPerGroup,
    int normGroup,
    int attentionGroup,
    int attentionSplits,
    int elementGroup,
    int matmulTile,
    int layersPerGraph,
    boolean captureGraphs,
    boolean int8Inputs,
    boolean tensorCores) {

  /** The largest work-group that a profile may ask for. */
  public static final int LARGEST_GROUP = 1024;

  /**
   * Checks every number.
   *
   * @throws TornadoException if one is out of its range; the message names it
   */
  public DeviceProfile {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(description, "description");
    powerOfTwo("lanes", lanes, LARGEST_GROUP);
    inRange("rowsPerGroup", rowsPerGroup, LARGEST_GROUP);
    if (lanes * rowsPerGroup > LARGEST_GROUP) {
      throw new TornadoException(
          "field 'rowsPerGroup' is %d, which with %d lanes makes groups of %d work-items; at most %d"
                  .formatted(rowsPerGroup, lanes, lanes * rowsPerGroup, LARGEST_GROUP)
              + " are possible, so at most "
              + LARGEST_GROUP / lanes
              + " rows");
    }
    powerOfTwo("normGroup", normGroup, LARGEST_GROUP);
    powerOfTwo("attentionGroup", attentionGroup, LARGEST_GROUP);
    inRange("attentionSplits", attentionSplits, 256);
    powerOfTwo("elementGroup", elementGroup, LARGEST_GROUP);
    if (matmulTile != 16 && matmulTile != 32 && matmulTile != 64) {
      throw new TornadoException(
          "field 'matmulTile' is %d; expected 16, 32 or 64".formatted(matmulTile));
    }
    inRange("layersPerGraph", layersPerGraph, 1024);
  }

  /**
   * The same for a device that cannot have such large groups: each is halved until it fits.
   *
   * @param most work-items that a group may have there, at least 1
   * @return this profile, or a smaller one
   */
  public DeviceProfile within(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("groups of at most " + most);
    }
    int fewerLanes = halved(lanes, most);
    return new DeviceProfile(
        name,
        description,
        fewerLanes,
        Math.min(rowsPerGroup, most / fewerLanes),
        halved(normGroup, most),
        halved(attentionGroup, most),
        attentionSplits,
        halved(elementGroup, most),
        matmulTile,
        layersPerGraph,
        captureGraphs,
        int8Inputs,
        tensorCores);
  }

  private static int halved(int group, int most) {
    int size = group;
    while (size > most) {
      size /= 2;
    }
    return size;
  }

  private static void inRange(String field, int value, int most) {
    if (value < 1 || value > most) {
      throw new TornadoException(
          "field '%s' is %d; expected 1 to %d".formatted(field, value, most));
    }
  }

  private static void powerOfTwo(String field, int value, int most) {
    if (value < 1 || value > most || Integer.bitCount(value) != 1) {
      throw new TornadoException(
          "field '%s' is %d; expected a power of two from 1 to %d".formatted(field, value, most));
    }
  }
}

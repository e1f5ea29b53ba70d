package org.zonda.bench;

import java.util.List;
import org.zonda.model.ModelSource;
import org.zonda.model.ZondaException;
import org.zonda.model.graph.Transformer;
import org.zonda.runtime.LoadOptions;
import org.zonda.runtime.backend.CacheType;
import org.zonda.runtime.backend.ExecutorOptions;

/**
 * What the benchmark of many sequences measures.
 *
 * @param sequences how many sequences write at once, each number in turn; ascending afterwards
 * @param promptTokens tokens of the prompt that all of them share
 * @param generatedTokens tokens that each of them writes
 * @param repetitions how often each number is measured
 * @param batchSize prompt tokens that one pass takes at most
 * @param cacheType how keys and values are stored
 */
public record SequencesOptions(
    List<Integer> sequences,
    int promptTokens,
    int generatedTokens,
    int repetitions,
    int batchSize,
    CacheType cacheType) {

  /** 1 to 32 sequences that share a prompt of 256 tokens and write 32 each, 3 times. */
  public static final SequencesOptions DEFAULT =
      new SequencesOptions(
          List.of(1, 2, 4, 8, 16, 32),
          256,
          32,
          3,
          LoadOptions.DEFAULT.batchSize(),
          LoadOptions.DEFAULT.cacheType());

  /** Checks every value. */
  public SequencesOptions {
    sequences = sequences.stream().sorted().distinct().toList();
    if (sequences.isEmpty()) {
      throw new ZondaException("there is nothing to measure; give a number of sequences");
    }
    check("number of sequences", sequences.getFirst());
    check("number of prompt tokens", promptTokens);
    check("number of generated tokens", generatedTokens);
    check("number of repetitions", repetitions);
    check("batch size", batchSize);
  }

  /**
   * What a model has to be loaded with.
   *
   * @param source names the model
   * @param transformer the model
   * @return as many sequences as the largest number, each with room for prompt and answer
   * @throws ZondaException if the model was not made for so many positions
   */
  public ExecutorOptions executorOptions(ModelSource source, Transformer transformer) {
    long context = (long) promptTokens + generatedTokens;
    if (context > transformer.contextLength()) {
      throw new ZondaException(
          "%s: prompt and answer take %d positions, but the model was made for %d; ask for fewer tokens"
              .formatted(source.label(), context, transformer.contextLength()));
    }
    int most = sequences.getLast();
    return new ExecutorOptions(
        Math.toIntExact(context), most, Math.max(batchSize, most), cacheType);
  }

  private static void check(String name, int value) {
    if (value < 1) {
      throw new ZondaException(name + " is " + value + "; it must be 1 or more");
    }
  }
}

package org.zonda.bench.lab;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.zonda.bench.JsonNumbers;
import org.zonda.model.ZondaException;
import org.zonda.runtime.LanguageModel;
import org.zonda.runtime.backend.KernelSwap;
import org.zonda.runtime.generation.Sequence;
import org.zonda.runtime.generation.Sequence.Wanted;

/**
 * How far a model's logits are from its own when users' kernels take the places of its own. The
 * tokens are read twice: at once, as prompts are, and one by one, as text is written, since other
 * kernels run then.
 *
 * @param kernels what was swapped in
 * @param tokens how many were read
 * @param atOnce how far logits are, read at once
 * @param oneByOne likewise, read one by one
 */
public record SwapComparison(
    List<KernelSwap> kernels, int tokens, Distance atOnce, Distance oneByOne) {

  /** Most tokens that are read. */
  private static final int MOST_TOKENS = 64;

  /**
   * How far rows of logits are from others.
   *
   * @param relativeL2 the length of their difference, over the length of the others
   * @param largest the largest difference of two logits
   * @param sameGreedy rows whose greatest logit is the same token's
   */
  public record Distance(double relativeL2, double largest, int sameGreedy) {}

  /**
   * Logits of the same tokens, read in two ways.
   *
   * @param atOnce a row a token
   * @param oneByOne likewise
   */
  public record Rows(float[][] atOnce, float[][] oneByOne) {}

  /**
   * Computes a model's logits.
   *
   * @param model the model, with kernels of its own or of users
   * @param tokens the first of which are read
   * @return a row for each
   * @throws ZondaException if a kernel fails; the message says where
   */
  public static Rows rows(LanguageModel model, int[] tokens) {
    int most = Math.min(MOST_TOKENS, model.contextLength());
    int[] read = tokens.length > most ? Arrays.copyOf(tokens, most) : tokens;
    float[][] oneByOne = new float[read.length][];
    try (Sequence sequence = model.openSequence()) {
      for (int i = 0; i < read.length; i++) {
        int row = i;
        sequence.append(read, i, i + 1, Wanted.ALL, logits -> oneByOne[row] = logits.row(0));
      }
    }
    return new Rows(model.logits(read), oneByOne);
  }

  /**
   * Compares logits.
   *
   * @param kernels what was swapped in
   * @param own the model's without
   * @param swapped the model's with them
   * @return the distances
   */
  public static SwapComparison of(List<KernelSwap> kernels, Rows own, Rows swapped) {
    return new SwapComparison(
        List.copyOf(kernels),
        own.atOnce().length,
        distance(own.atOnce(), swapped.atOnce()),
        distance(own.oneByOne(), swapped.oneByOne()));
  }

  private static Distance distance(float[][] own, float[][] swapped) {
    double difference = 0;
    double size = 0;
    double largest = 0;
    int same = 0;
    for (int row = 0; row < own.length; row++) {
      for (int i = 0; i < own[row].length; i++) {
        double off = (double) swapped[row][i] - own[row][i];
        difference += off * off;
        size += (double) own[row][i] * own[row][i];
        largest = Math.max(largest, Math.abs(off)); // of NaN: NaN
      }
      same += greatest(own[row]) == greatest(swapped[row]) ? 1 : 0;
    }
    return new Distance(Math.sqrt(difference / size), largest, same);
  }

  /** The token that greedy sampling takes; -1 where there is no number. */
  private static int greatest(float[] row) {
    int best = -1;
    for (int i = 0; i < row.length; i++) {
      if (best < 0 ? !Float.isNaN(row[i]) : row[i] > row[best]) {
        best = i;
      }
    }
    return best;
  }

  /**
   * For people.
   *
   * @return a line for each kernel and each way of reading, the last one ended too
   */
  public String toText() {
    StringBuilder text = new StringBuilder();
    for (KernelSwap swap : kernels) {
      text.append(swap.kernel()).append(": ").append(swap.name()).append('\n');
    }
    line(text, "at once", atOnce);
    line(text, "one by one", oneByOne);
    return text.toString();
  }

  private void line(StringBuilder text, String how, Distance distance) {
    text.append(
        String.format(
            Locale.ROOT,
            "logits of %d tokens read %s, to the default kernels': relative L2 %.2g, largest difference %.2g, same greedy token %d of %d%n",
            tokens,
            how,
            distance.relativeL2(),
            distance.largest(),
            distance.sameGreedy(),
            tokens));
  }

  /**
   * Writes the fields {@code kernels}, {@code tokens}, {@code at_once} and {@code one_by_one}.
   *
   * @param json within an object
   * @throws IOException if it cannot be written
   */
  public void write(JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("kernels");
    for (KernelSwap swap : kernels) {
      json.writeStringField(swap.kernel(), swap.name());
    }
    json.writeEndObject();
    json.writeNumberField("tokens", tokens);
    write(json, "at_once", atOnce);
    write(json, "one_by_one", oneByOne);
  }

  private static void write(JsonGenerator json, String name, Distance distance) throws IOException {
    json.writeObjectFieldStart(name);
    JsonNumbers.write(json, "relative_l2", distance.relativeL2());
    JsonNumbers.write(json, "largest", distance.largest());
    json.writeNumberField("same_greedy", distance.sameGreedy());
    json.writeEndObject();
  }
}

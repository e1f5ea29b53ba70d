package org.zonda.runtime.evaluation;

import java.util.Arrays;
import java.util.OptionalInt;
import org.zonda.model.ZondaException;

/** The windows of a text, made one by one. */
final class Windows {

  private final int[] tokens;
  private final OptionalInt bos;
  private final int context;
  private final int stride;
  private final boolean strided;
  private final int count;

  /**
   * Cuts a text.
   *
   * @param tokens the text's own
   * @param bos what every window begins with, if anything
   * @param context tokens of a window, with the BOS
   * @throws ZondaException if not one token would be scored, or the stride does not suit the
   *     context
   */
  Windows(int[] tokens, OptionalInt bos, int context, EvaluationOptions options) {
    this.tokens = tokens;
    this.bos = bos;
    this.context = context;
    strided = options.windowing() == Windowing.STRIDED;
    if (context < 2) {
      throw new ZondaException(
          "windows of " + context + " tokens have nothing to predict; the least context is 2");
    }
    stride = strided && options.stride() > 0 ? options.stride() : context / 2;
    if (stride >= context) {
      throw new ZondaException(
          "a stride of %d leaves no overlap of windows of %d tokens; it must be below that"
              .formatted(stride, context));
    }
    int all = strided ? countStrided() : countHalves();
    count = options.windows() == 0 ? all : Math.min(all, options.windows());
  }

  private int countStrided() {
    if (tokens.length + prefix() < 2) {
      throw new ZondaException(
          tokens.length == 0
              ? "the text is empty; there is nothing to predict"
              : "the text is one token, and nothing comes before it; at least two are needed");
    }
    int beyondFirst = Math.max(0, tokens.length - capacity());
    return 1 + Math.ceilDiv(beyondFirst, stride);
  }

  private int countHalves() {
    int all = (tokens.length + prefix()) / context;
    if (all == 0) {
      throw new ZondaException(
          "the text has %d tokens, which is less than one window of %d; choose a shorter context"
              .formatted(tokens.length + prefix(), context));
    }
    if (context / 2 + 1 >= context) {
      throw new ZondaException(
          "the second half of a window of %d tokens has nothing to predict; choose a longer context"
              .formatted(context));
    }
    return all;
  }

  private int prefix() {
    return bos.isPresent() ? 1 : 0;
  }

  /** Tokens of the text in a strided window. */
  private int capacity() {
    return context - prefix();
  }

  int count() {
    return count;
  }

  Window get(int index) {
    return strided ? stridedWindow(index) : halvedWindow(index);
  }

  private Window stridedWindow(int index) {
    int first = index * stride;
    int end = Math.min(tokens.length, first + capacity());
    // The first window scores all it can; each other one what lies beyond its predecessor.
    int scored = index == 0 ? 1 - prefix() : first - stride + capacity();
    int[] window = new int[prefix() + end - first];
    bos.ifPresent(token -> window[0] = token);
    System.arraycopy(tokens, first, window, prefix(), end - first);
    return new Window(window, scored - first + prefix(), scored);
  }

  private Window halvedWindow(int index) {
    int first = index * context - prefix();
    int[] window = Arrays.copyOfRange(tokens, Math.max(0, first), first + context);
    if (first < 0) {
      window = new int[context];
      System.arraycopy(tokens, 0, window, 1, context - 1);
    }
    if (bos.isPresent()) {
      window[0] = bos.getAsInt();
    }
    int scored = context / 2 + 1;
    return new Window(window, scored, first + scored);
  }
}

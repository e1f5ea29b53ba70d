package org.zonda.runtime.generation;

import org.zonda.runtime.Cancellation;
import org.zonda.runtime.GenerationOptions;

/**
 * What a generation is asked for.
 *
 * @param startNanos when the user asked, by {@link System#nanoTime}
 * @param prompt token ids, at least one
 * @param afterText whether the prompt has text, which the answer's first space then continues
 * @param options how to generate
 * @param cancellation looked at between the passes
 */
public record Request(
    long startNanos,
    int[] prompt,
    boolean afterText,
    GenerationOptions options,
    Cancellation cancellation) {}

package org.zonda.runtime;

import java.util.List;

/**
 * What a generation gave.
 *
 * @param text the text, without the prompt and without the stop string that ended it
 * @param tokens the sampled tokens, without the end-of-generation token that ended them; those of a
 *     stop string are there
 * @param promptTokens tokens of the prompt; in a chat, of the whole conversation
 * @param finishReason why it ended
 * @param seed the seed that repeats it
 * @param timings how long it took
 * @param forgottenMessages messages of a chat that were dropped before this answer because the
 *     conversation no longer fitted; 0 outside of chats
 */
public record GenerationResult(
    String text,
    List<Integer> tokens,
    int promptTokens,
    FinishReason finishReason,
    long seed,
    Timings timings,
    int forgottenMessages) {

  /** Takes a copy of the tokens. */
  public GenerationResult {
    tokens = List.copyOf(tokens);
  }
}

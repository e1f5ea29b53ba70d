package org.zonda.model.tokenizer;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Decodes tokens one by one. The only decoder there is: a whole sequence is decoded by the same
 * steps, so that streamed and whole text cannot differ.
 */
final class Utf8TokenStream implements TokenStream {

  private static final byte[] NOTHING = new byte[0];

  private final VocabularyTokenizer tokenizer;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);

  /** The beginning of a character whose end has not come: at most 3 bytes. */
  private byte[] held = NOTHING;

  private boolean atStart;
  private boolean finished;

  /**
   * Begins.
   *
   * @param tokenizer whose tokens come
   * @param dropPrefix whether the first space may be one that the tokenizer put there
   */
  Utf8TokenStream(VocabularyTokenizer tokenizer, boolean dropPrefix) {
    this.tokenizer = tokenizer;
    this.atStart = dropPrefix;
  }

  @Override
  public String push(int token) {
    if (finished) {
      throw new IllegalStateException("the stream was finished");
    }
    byte[] bytes = tokenizer.bytes(token);
    if (bytes.length == 0) {
      return "";
    }
    int from = atStart && tokenizer.beginsWithPrefix(token) ? 1 : 0;
    atStart = false;
    ByteBuffer input = ByteBuffer.allocate(held.length + bytes.length - from);
    input.put(held).put(bytes, from, bytes.length - from).flip();
    // UTF-8 never has more chars than bytes.
    CharBuffer output = CharBuffer.allocate(input.remaining());
    decoder.decode(input, output, false);
    held = new byte[input.remaining()];
    input.get(held);
    return output.flip().toString();
  }

  @Override
  public String finish() {
    if (finished) {
      return "";
    }
    finished = true;
    CharBuffer output = CharBuffer.allocate(held.length + 1);
    decoder.decode(ByteBuffer.wrap(held), output, true);
    decoder.flush(output);
    held = NOTHING;
    return output.flip().toString();
  }
}

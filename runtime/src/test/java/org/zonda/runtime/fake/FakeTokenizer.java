package org.zonda.runtime.fake;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.zonda.model.tokenizer.Segment;
import org.zonda.model.tokenizer.TokenStream;
import org.zonda.model.tokenizer.Tokenizer;

/**
 * A tokenizer of bytes and a few longer pieces: token 0 is {@code <s>}, 1 is {@code </s>}, 2 to 257
 * are the bytes, then come the pieces. Encoding takes the longest piece at each place.
 */
public final class FakeTokenizer implements Tokenizer {

  public static final int BOS = 0;
  public static final int EOS = 1;

  private static final int FIRST_BYTE = 2;
  private static final List<String> CONTROL = List.of("<s>", "</s>");

  private final List<String> pieces;
  private final boolean addsBos;

  public FakeTokenizer(String... pieces) {
    this(true, pieces);
  }

  public FakeTokenizer(boolean addsBos, String... pieces) {
    this.addsBos = addsBos;
    this.pieces = List.of(pieces);
  }

  @Override
  public int[] encode(String text, Specials specials) {
    List<Integer> tokens = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int token = specials == Specials.PARSED ? longest(CONTROL, text, at) : -1;
      if (token < 0) {
        int piece = longest(pieces, text, at);
        token = piece < 0 ? -1 : FIRST_BYTE + 256 + piece;
      }
      if (token >= 0) {
        tokens.add(token);
        at += piece(token).length();
      } else {
        int end = text.offsetByCodePoints(at, 1);
        for (byte b : text.substring(at, end).getBytes(StandardCharsets.UTF_8)) {
          tokens.add(FIRST_BYTE + (b & 0xFF));
        }
        at = end;
      }
    }
    return tokens.stream().mapToInt(Integer::intValue).toArray();
  }

  private static int longest(List<String> candidates, String text, int at) {
    int best = -1;
    for (int i = 0; i < candidates.size(); i++) {
      if (text.startsWith(candidates.get(i), at)
          && (best < 0 || candidates.get(i).length() > candidates.get(best).length())) {
        best = i;
      }
    }
    return best;
  }

  @Override
  public int[] encodePrompt(String text, Specials specials) {
    return encodePrompt(List.of(new Segment(text, specials == Specials.PARSED)));
  }

  @Override
  public int[] encodePrompt(List<Segment> segments) {
    IntStream tokens = addsBos ? IntStream.of(BOS) : IntStream.empty();
    for (Segment part : segments) {
      int[] more = encode(part.text(), part.special() ? Specials.PARSED : Specials.PLAIN);
      tokens = IntStream.concat(tokens, IntStream.of(more));
    }
    return tokens.toArray();
  }

  @Override
  public String decode(int[] tokens) {
    TokenStream stream = stream(true);
    StringBuilder text = new StringBuilder();
    Arrays.stream(tokens).mapToObj(stream::push).forEach(text::append);
    return text + stream.finish();
  }

  @Override
  public TokenStream stream(boolean afterText) {
    ByteArrayOutputStream pending = new ByteArrayOutputStream();
    return new TokenStream() {
      @Override
      public String push(int token) {
        pending.writeBytes(bytes(token));
        byte[] all = pending.toByteArray();
        int complete = completeLength(all);
        pending.reset();
        pending.write(all, complete, all.length - complete);
        return new String(all, 0, complete, StandardCharsets.UTF_8);
      }

      @Override
      public String finish() {
        return pending.size() == 0 ? "" : "\uFFFD";
      }
    };
  }

  /** Leaves out a character at the end that has begun and could go on. */
  private static int completeLength(byte[] bytes) {
    for (int back = 1; back <= Math.min(3, bytes.length); back++) {
      int value = bytes[bytes.length - back] & 0xFF;
      if (value >= 0xC0) {
        int needed = value >= 0xF0 ? 4 : value >= 0xE0 ? 3 : 2;
        return needed > back ? bytes.length - back : bytes.length;
      }
    }
    return bytes.length;
  }

  @Override
  public byte[] bytes(int token) {
    if (token <= EOS) {
      return new byte[0];
    }
    return token < FIRST_BYTE + 256
        ? new byte[] {(byte) (token - FIRST_BYTE)}
        : piece(token).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String piece(int token) {
    if (token <= EOS) {
      return CONTROL.get(token);
    }
    return token < FIRST_BYTE + 256
        ? "<0x%02X>".formatted(token - FIRST_BYTE)
        : pieces.get(token - FIRST_BYTE - 256);
  }

  @Override
  public OptionalInt findToken(String piece) {
    for (int token = 0; token < vocabularySize(); token++) {
      if (piece(token).equals(piece)) {
        return OptionalInt.of(token);
      }
    }
    return OptionalInt.empty();
  }

  @Override
  public boolean isControl(int token) {
    return token <= EOS;
  }

  @Override
  public boolean isEndOfGeneration(int token) {
    return token == EOS;
  }

  @Override
  public OptionalInt bos() {
    return OptionalInt.of(BOS);
  }

  @Override
  public OptionalInt eos() {
    return OptionalInt.of(EOS);
  }

  @Override
  public int vocabularySize() {
    return FIRST_BYTE + 256 + pieces.size();
  }

  @Override
  public String description() {
    return "bytes and pieces";
  }

  @Override
  public List<Integer> endOfGenerationTokens() {
    return List.of(EOS);
  }
}

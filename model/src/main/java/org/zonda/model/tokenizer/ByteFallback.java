package org.zonda.model.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.zonda.model.ZondaException;

/**
 * What becomes of characters that have no piece in SentencePiece's vocabularies: their UTF-8 as
 * byte tokens, or where the vocabulary lacks those, one unknown token for a run of them.
 */
final class ByteFallback {

  private final int[] tokens = new int[256];
  private final int unknown;

  /**
   * Finds the tokens.
   *
   * @param vocabulary has them
   * @throws ZondaException if it has neither all bytes nor an unknown token
   */
  ByteFallback(Vocabulary vocabulary) {
    unknown = vocabulary.unknown().orElse(-1);
    Arrays.fill(tokens, -1);
    for (int token = vocabulary.size() - 1; token >= 0; token--) {
      if (vocabulary.type(token) == TokenType.BYTE) {
        tokens[Vocabulary.byteValue(vocabulary.piece(token))] = token;
      }
    }
    if (unknown < 0 && Arrays.stream(tokens).anyMatch(token -> token < 0)) {
      throw new ZondaException(
          vocabulary.label()
              + ": the vocabulary has neither all byte tokens <0x00> to <0xFF> nor an unknown"
              + " token; expected one of them for characters that have no piece");
    }
  }

  /**
   * Adds a character that has no piece.
   *
   * @param character the character
   * @param afterUnknown whether the one before became the unknown token
   * @param output receives tokens
   * @return whether this one became the unknown token
   */
  boolean add(String character, boolean afterUnknown, IntList output) {
    byte[] bytes = character.getBytes(StandardCharsets.UTF_8);
    for (byte value : bytes) {
      if (tokens[value & 0xFF] < 0) {
        if (!afterUnknown) {
          output.add(unknown);
        }
        return true;
      }
    }
    for (byte value : bytes) {
      output.add(tokens[value & 0xFF]);
    }
    return false;
  }
}

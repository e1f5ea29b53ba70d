package org.zonda.model.architecture;

import java.util.Optional;

/**
 * Published models of one architecture.
 *
 * @param name as they are known, such as {@code Llama 2}
 * @param chatFormat the format of their tuned members, by its name in {@code ChatFormats}, for
 *     files without a chat template of their own; empty where there is none
 */
public record Family(String name, Optional<String> chatFormat) {

  /**
   * Models that continue text, or answer in no common format.
   *
   * @param name as they are known
   * @return the family
   */
  static Family of(String name) {
    return new Family(name, Optional.empty());
  }

  /**
   * Models that chat.
   *
   * @param name as they are known
   * @param chatFormat the format's name
   * @return the family
   */
  static Family of(String name, String chatFormat) {
    return new Family(name, Optional.of(chatFormat));
  }
}

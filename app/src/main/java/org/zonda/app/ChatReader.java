package org.zonda.app;

import java.util.Optional;

/** Where the messages of a chat come from. */
interface ChatReader extends AutoCloseable {

  /**
   * Waits for a message.
   *
   * @return the message with its marks for several lines removed, or empty at the end
   */
  Optional<String> read();

  /**
   * Runs an answer during which an interrupt (Ctrl-C) does something else than end the program.
   *
   * @param answer what to run
   * @param onInterrupt what an interrupt does meanwhile, from another thread
   */
  void answering(Runnable answer, Runnable onInterrupt);

  @Override
  void close();
}

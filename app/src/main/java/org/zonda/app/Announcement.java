package org.zonda.app;

import org.zonda.runtime.LanguageModel;

/** The line that says which model runs where. */
final class Announcement {

  private Announcement() {}

  static String of(LanguageModel model, ModelChoice choice) {
    String name =
        choice.embedded()
            ? "the embedded story model (name another with -m FILE)"
            : model.source().label();
    return Printable.line(name + " | " + model.backend());
  }
}

package org.zonda.app;

import org.zonda.runtime.LanguageModel;

/** The line that says which model runs where, and those that say why not elsewhere. */
final class Announcement {

  private Announcement() {}

  static void print(Console console, LanguageModel model, ModelChoice choice) {
    console.err().println(console.errStyle().dim(of(model, choice)));
    model.plan().ifPresent(plan -> Planning.tell(console, plan));
  }

  private static String of(LanguageModel model, ModelChoice choice) {
    String label = model.source().label();
    String name =
        choice.embedded()
            ? "the embedded story model (name another with -m FILE)"
                + label.substring(EmbeddedModel.LABEL.length()) // its adapters
            : label;
    return Printable.line(name + " | " + model.backend());
  }
}

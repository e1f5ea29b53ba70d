package org.zonda.app;

import java.util.List;
import java.util.function.Function;
import org.zonda.model.ModelSource;
import org.zonda.runtime.EmbeddingModel;
import org.zonda.runtime.LanguageModel;
import org.zonda.runtime.LoadOptions;
import org.zonda.runtime.placement.MemoryPlan;

/** Shows where a model's memory lies, before or after it is loaded. */
final class Planning {

  private Planning() {}

  /** What {@code --plan} asks for. */
  static int show(Console console, ModelChoice choice, LoadOptions options, boolean json) {
    return show(console, choice, source -> LanguageModel.plan(source, options), json);
  }

  /** The same for a model that is to embed texts. */
  static int showForEmbedding(
      Console console, ModelChoice choice, LoadOptions options, boolean json) {
    return show(console, choice, source -> EmbeddingModel.plan(source, options), json);
  }

  private static int show(
      Console console, ModelChoice choice, Function<ModelSource, MemoryPlan> plan, boolean json) {
    try (ModelSource source = choice.open()) {
      show(console, source, plan.apply(source), json);
    }
    return ExitCode.OK;
  }

  static void show(Console console, ModelSource source, MemoryPlan plan, boolean json) {
    if (json) {
      PlanJson.write(console.out(), source.label(), plan);
      return;
    }
    console.out().println(console.outStyle().bold(Printable.line(source.label())));
    PlanText.lines(plan, console.outStyle()).forEach(console.out()::println);
  }

  /** Says, once a model is loaded, why it does not run as it might; with --verbose, everything. */
  static void tell(Console console, MemoryPlan plan) {
    Style style = console.errStyle();
    List<String> lines = console.verbose() ? PlanText.lines(plan, style) : plan.notes();
    for (String line : lines) {
      console.err().println(console.verbose() ? line : style.dim(Printable.line(line)));
    }
  }
}

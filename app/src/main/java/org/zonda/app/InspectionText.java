package org.zonda.app;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.zonda.model.chat.ChatFormats;
import org.zonda.model.gguf.Metadata;
import org.zonda.model.gguf.MetadataValue;
import org.zonda.model.gguf.MetadataValue.ArrayValue;
import org.zonda.model.tensor.Tensor;
import org.zonda.model.tokenizer.Tokenizer;

/** What {@code zonda inspect} prints for people. */
final class InspectionText {

  private static final int LABEL_WIDTH = 14;
  private static final int VALUE_WIDTH = 100;
  private static final int ARRAY_ELEMENTS = 6;

  private final Output out;
  private final Style style;

  InspectionText(Output out, Style style) {
    this.out = out;
    this.style = style;
  }

  void summary(Inspection model, Map<String, String> checksums) {
    out.println(style.bold(Printable.line(model.source().label())));
    model.name().ifPresent(name -> line("name", name));
    line("architecture", model.architecture().isEmpty() ? "not named" : model.architecture());
    line("parameters", parameters(model.parameters()));
    for (Inspection.Share share : model.mix()) {
      line("format", format(share, model.memory().weights()));
    }
    line("context", model.contextLength() == 0 ? "unknown" : model.contextLength() + " tokens");
    memory(model.memory());
    line("tokenizer", model.tokenizer().map(InspectionText::tokenizer).orElse("not supported"));
    boolean encoder = model.transformer().map(known -> !known.isCausal()).orElse(false);
    String noChat = encoder ? "none: an encoder, for 'zonda embed'" : "not recognised";
    line("chat format", model.chatFormat().map(InspectionText::chatFormat).orElse(noChat));
    line("licence", model.licence().orElse("not stated"));
    line("author", model.author().orElse("not stated"));
    line("source", model.origin().orElse("not stated"));
    line("file", file(model));
    if (model.files().size() > 1) {
      model.files().forEach(path -> line("part", path.toString()));
    }
    checksums.forEach((name, sha256) -> line("sha256", sha256 + "  " + name));
    if (model.runnable()) {
      styledLine("runs here", style.green("yes"));
    } else {
      styledLine("runs here", style.red("not yet"));
      model.obstacles().forEach(obstacle -> line("", obstacle));
    }
  }

  void metadata(Metadata metadata) {
    heading(metadata.keys().size() + " metadata entries");
    for (String key : metadata.keys()) {
      MetadataValue value = metadata.find(key).orElseThrow();
      out.print(
          "  "
              + Printable.line(key)
              + style.dim(" " + typeName(value) + " ")
              + Printable.line(text(value), VALUE_WIDTH)
              + "\n");
    }
  }

  void tensors(Collection<Tensor> tensors) {
    heading(tensors.size() + " tensors");
    int width = tensors.stream().mapToInt(tensor -> tensor.name().length()).max().orElse(0);
    for (Tensor tensor : tensors) {
      out.printf(
          "  %-" + Math.max(1, width) + "s  %-7s %-20s %12s%n",
          Printable.line(tensor.name()),
          tensor.type(),
          shape(tensor),
          Quantity.bytes(tensor.data().byteSize()));
    }
  }

  void tensor(Tensor tensor) {
    out.println(style.bold(Printable.line(tensor.name())));
    line("format", tensor.type().toString());
    line("shape", shape(tensor) + (tensor.shape().size() > 1 ? " (row length first)" : ""));
    line("elements", Long.toString(tensor.elements()));
    line("bytes", Long.toString(tensor.data().byteSize()));
  }

  void values(TensorValues values) {
    line("min", number(values.min()));
    line("max", number(values.max()));
    line("mean", number(values.mean()));
    line("deviation", number(values.deviation()));
    if (values.notFinite() > 0) {
      styledLine("not finite", style.red(Long.toString(values.notFinite())));
    }
    StringJoiner first = new StringJoiner(" ");
    for (float value : values.first()) {
      first.add(number(value));
    }
    line("row " + values.row(), first.toString());
  }

  static String shape(Tensor tensor) {
    StringJoiner shape = new StringJoiner(" x ");
    tensor.shape().forEach(size -> shape.add(Long.toString(size)));
    return shape.toString();
  }

  private void heading(String text) {
    out.print("\n").print(style.bold(text)).print("\n");
  }

  private void line(String label, String value) {
    styledLine(label, Printable.line(value));
  }

  private void styledLine(String label, String value) {
    String padded = label + " ".repeat(Math.max(1, LABEL_WIDTH - label.length()));
    out.print("  " + style.dim(padded) + value + "\n");
  }

  private static String parameters(long count) {
    String rounded = Quantity.count(count);
    return count < 10_000 ? rounded : String.format(Locale.ROOT, "%s (%,d)", rounded, count);
  }

  private static String format(Inspection.Share share, long total) {
    return String.format(
        Locale.ROOT,
        "%-7s %5.1f%%  %10s in %d tensor%s",
        share.type(),
        total == 0 ? 0 : 100.0 * share.bytes() / total,
        Quantity.bytes(share.bytes()),
        share.tensors(),
        share.tensors() == 1 ? "" : "s");
  }

  private void memory(MemoryEstimate memory) {
    String context =
        memory.cache().isPresent()
            ? " with a full context of " + memory.context() + " tokens (-c N for another)"
            : "";
    line("memory", Quantity.bytes(memory.total()) + context);
    line("  weights", Quantity.bytes(memory.weights()));
    memory
        .cache()
        .ifPresent(bytes -> line("  KV cache", Quantity.bytes(bytes) + ", " + memory.cacheType()));
    memory
        .activations()
        .ifPresent(bytes -> line("  activations", "about " + Quantity.bytes(bytes)));
  }

  private static String chatFormat(ChatFormats.Choice choice) {
    return choice.format().name() + " (" + choice.reason() + ")";
  }

  private static String tokenizer(Tokenizer tokenizer) {
    StringBuilder text = new StringBuilder(tokenizer.description());
    text.append(", ").append(tokenizer.vocabularySize()).append(" tokens");
    tokenizer.bos().ifPresent(id -> text.append(", BOS ").append(id));
    tokenizer.eos().ifPresent(id -> text.append(", EOS ").append(id));
    return text.toString();
  }

  private static String file(Inspection model) {
    String parts = model.files().size() > 1 ? ", " + model.files().size() + " parts" : "";
    return "%s, GGUF version %d%s"
        .formatted(Quantity.bytes(model.sizeBytes()), model.version(), parts);
  }

  private static String typeName(MetadataValue value) {
    return value instanceof ArrayValue array
        ? array.elementType() + "[" + array.size() + "]"
        : value.type().toString();
  }

  private static String text(MetadataValue value) {
    if (!(value instanceof ArrayValue array)) {
      return value.toString();
    }
    StringJoiner text = new StringJoiner(", ", "[", array.size() > ARRAY_ELEMENTS ? ", …]" : "]");
    array.values(ARRAY_ELEMENTS).forEach(element -> text.add(element.toString()));
    return text.toString();
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.6g", value);
  }
}

package org.zonda.app;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.zonda.model.ModelSource;
import org.zonda.model.ZondaException;
import org.zonda.model.chat.ChatFormat;
import org.zonda.model.chat.ChatFormats;
import org.zonda.model.chat.ChatFormats.Choice;
import org.zonda.model.template.Template;
import picocli.CommandLine.Option;

/** How a conversation is written for the model. */
final class ChatFormatOption {

  private static final String LIST = "list";

  @Option(
      names = {"--chat-format", "--format"},
      paramLabel = "NAME",
      order = 3,
      description =
          "How the conversation is written for the model, instead of what it brings along: a name"
              + " such as chatml; 'template', its own chat template or an error; 'list' shows"
              + " all names.")
  private String name;

  @Option(
      names = "--chat-template",
      paramLabel = "FILE",
      order = 4,
      description = "Execute this Jinja template instead of the model's own.")
  private String file;

  /** Shows the names, where that was asked for. */
  boolean list(Output out) {
    if (!LIST.equals(name)) {
      return false;
    }
    for (String known : ChatFormats.names()) {
      out.print("%-18s %s\n".formatted(known, ChatFormats.models(known)));
    }
    out.print("mistral            that of the mistral formats which the vocabulary tells\n");
    out.print("template           the model's own chat template, executed\n");
    out.flush();
    return true;
  }

  /** Refuses what makes no sense, before a model is loaded. */
  void check() {
    if (name != null && file != null) {
      throw new UsageException("--chat-format and --chat-template name two formats; give one");
    }
  }

  /** The format that was asked for or that the model wants, and why. */
  Choice choose(ModelSource source) {
    if (file != null) {
      ChatFormat format = ChatFormats.of(template(UserPath.of(file)), source);
      return new Choice(format, ChatFormats.Fit.TEMPLATE, file + ", as asked for");
    }
    if (name != null) {
      ChatFormat format = ChatFormats.byName(name, source);
      return new Choice(format, ChatFormats.Fit.TEMPLATE, format.name() + ", as asked for");
    }
    return ChatFormats.choose(source);
  }

  /** Reads a template from a file. */
  static Template template(Path path) {
    try {
      return Template.parse(path.toString(), Files.readString(path));
    } catch (CharacterCodingException e) {
      throw new ZondaException(path + ": is not UTF-8 text", e);
    } catch (IOException e) {
      throw new ZondaException(path + ": cannot be read: " + UserPath.reason(e), e);
    }
  }
}

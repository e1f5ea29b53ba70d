package org.zonda.app;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What can be done in a chat besides talking. */
enum ChatAction {
  HELP("", "list the commands"),
  SYSTEM("TEXT", "what the model is told before the conversation; without TEXT: nothing"),
  RETRY("", "another answer to the last message"),
  RESET("", "forget the conversation, but not the system message"),
  SET("NAME=VALUE ...", "change options of 'zonda run --help', as in temp=0.5; alone: show them"),
  SAVE("FILE", "write the conversation to a file; as JSON where its name ends with .json"),
  STATS("", "how fast the last answer was"),
  EXIT("", "leave (Ctrl-D too)");

  private final String argument;
  private final String help;

  ChatAction(String argument, String help) {
    this.argument = argument;
    this.help = help;
  }

  /** As it is typed. */
  String word() {
    return "/" + name().toLowerCase(Locale.ROOT);
  }

  /** One line of help. */
  String help() {
    return "  %-20s  %s".formatted((word() + " " + argument).strip(), help);
  }

  static List<String> words() {
    return Arrays.stream(values()).map(ChatAction::word).toList();
  }

  static Optional<ChatAction> find(String word) {
    return Arrays.stream(values()).filter(action -> action.word().equals(word)).findFirst();
  }

  /** The action that was probably meant. */
  static Optional<ChatAction> similar(String word) {
    return Arrays.stream(values())
        .filter(action -> Similarity.similar(action.word(), word))
        .min(Comparator.comparingInt(action -> Similarity.distance(action.word(), word)));
  }
}

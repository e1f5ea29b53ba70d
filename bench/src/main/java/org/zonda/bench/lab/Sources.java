package org.zonda.bench.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The sources of kernels and oracles, which are in the program beside their classes. They are
 * formatted by google-java-format, so that a member begins and ends with a line of two blanks.
 */
final class Sources {

  private static final String FOLDER = "/META-INF/zonda/source/";

  private static final Pattern METHOD = Pattern.compile("  [\\w<].*?(\\w+)\\(.*");
  private static final Pattern CALL = Pattern.compile("(?<![\\w.])(\\w+)\\(");
  private static final Pattern OTHER = Pattern.compile("\\b([A-Z]\\w*)\\.\\w+\\(");
  private static final Pattern TAG =
      Pattern.compile("\\{@(?:code|link|linkplain|literal) ([^}]*)}");
  private static final Pattern ITEM =
      Pattern.compile("<li>((?:\\{@code \\w+}(?:, )?)+): (.*?)(?=<li>|</ul>)");

  private Sources() {}

  /** Where the source of one of the kernels' classes is in the project. */
  static String file(Class<?> type) {
    return "kernels/src/main/java/" + path(type);
  }

  private static String path(Class<?> type) {
    return type.getName().replace('.', '/') + ".java";
  }

  /** The whole source of one of the kernels' classes. */
  static String text(Class<?> type) {
    try (InputStream in = Sources.class.getResourceAsStream(FOLDER + path(type))) {
      if (in == null) {
        throw new IllegalStateException("the source of " + type + " is not in the program");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The methods of a class by name, each with its comment; of those with one name all. */
  private static SequencedMap<String, String> methods(Class<?> type) {
    SequencedMap<String, String> methods = new LinkedHashMap<>();
    StringBuilder member = new StringBuilder();
    String name = "";
    for (String line : text(type).lines().toList()) {
      boolean comment = line.startsWith("  /**") || line.startsWith("   *");
      if (line.isBlank() && name.isEmpty()) {
        member.setLength(0);
        continue;
      }
      member.append(line).append('\n');
      Matcher method = METHOD.matcher(line);
      if (name.isEmpty() && !comment && method.matches() && !line.contains("=")) {
        name = method.group(1);
      }
      boolean ends = line.equals("  }") || !name.isEmpty() && line.endsWith("{}");
      if (ends || line.startsWith("  ") && line.endsWith(";") && name.isEmpty()) {
        if (!name.isEmpty()) {
          methods.merge(name, member.toString(), (first, second) -> first + "\n" + second);
        }
        member.setLength(0);
        name = "";
      }
    }
    return methods;
  }

  /**
   * A method with its comment, and then the others of its class that it needs.
   *
   * @param name of the method, in any case of its letters
   */
  static String method(Class<?> type, String name) {
    Map<String, String> methods = methods(type);
    Deque<String> wanted = new ArrayDeque<>();
    List<String> found = new ArrayList<>();
    methods.keySet().stream().filter(name::equalsIgnoreCase).forEach(wanted::add);
    StringBuilder text = new StringBuilder();
    while (!wanted.isEmpty()) {
      String next = wanted.poll();
      if (found.contains(next)) {
        continue;
      }
      found.add(next);
      text.append(text.isEmpty() ? "" : "\n").append(methods.get(next));
      Matcher call = CALL.matcher(code(methods.get(next)));
      while (call.find()) {
        if (methods.containsKey(call.group(1))) {
          wanted.add(call.group(1));
        }
      }
    }
    return text.toString();
  }

  /** A member without its comment. */
  private static String code(String member) {
    return member.replaceAll("(?s)/\\*\\*.*?\\*/", "");
  }

  /** The other classes of the same package whose methods a text calls. */
  static List<String> others(Class<?> type, String text) {
    Matcher call = OTHER.matcher(code(text));
    List<String> others = new ArrayList<>();
    while (call.find()) {
      String name = call.group(1);
      String resource = FOLDER + type.getPackageName().replace('.', '/') + "/" + name + ".java";
      if (!others.contains(name)
          && !name.equals(type.getSimpleName())
          && Sources.class.getResource(resource) != null) {
        others.add(name);
      }
    }
    return others;
  }

  /** What the comment of a method says of its parameters. */
  static Map<String, String> parameters(Class<?> type, String method) {
    Map<String, String> meanings = new TreeMap<>();
    String comment = methods(type).getOrDefault(method, "");
    int end = comment.indexOf("*/");
    String[] parts = plain(end < 0 ? "" : comment.substring(0, end)).split("@param ");
    for (int i = 1; i < parts.length; i++) {
      String part = parts[i].replaceFirst("@(return|throws).*", "").strip();
      int blank = part.indexOf(' ');
      if (blank > 0) {
        meanings.put(part.substring(0, blank), part.substring(blank + 1));
      }
    }
    return meanings;
  }

  /** What the list in a class's comment says of names: {@code <li>{@code name}: meaning}. */
  static Map<String, String> listed(Class<?> type) {
    Map<String, String> meanings = new TreeMap<>();
    Matcher item = ITEM.matcher(joined(text(type)));
    while (item.find()) {
      for (String name : item.group(1).split(", ")) {
        meanings.put(plain(name), plain(item.group(2)));
      }
    }
    return meanings;
  }

  /** The first sentence of the comment of a method. */
  static String summary(Class<?> type, String method) {
    String text = plain(methods(type).getOrDefault(method, ""));
    int end = text.indexOf(". ");
    return end < 0 ? text : text.substring(0, end + 1);
  }

  private static String joined(String comment) {
    return comment.replaceAll("(?m)^ *(/\\*\\*|\\*/|\\*)", " ").replaceAll("\\s+", " ");
  }

  /** A comment without its marks. */
  private static String plain(String comment) {
    String text =
        TAG.matcher(joined(comment)).replaceAll(m -> Matcher.quoteReplacement(m.group(1)));
    return text.replace("#", "").replaceAll("<p>|</?\\w+>", "").replaceAll("\\s+", " ").strip();
  }
}

package org.zonda.model.template;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntPredicate;

/** What can be done with texts. Results keep the marks of the characters that they are made of. */
final class Texts {

  private static final Text SPACE = Text.of(" ");

  private final Budget budget;

  Texts(Budget budget) {
    this.budget = budget;
  }

  Text lower(Text text) {
    TextBuilder out = new TextBuilder(budget);
    for (int i = 0; i < text.length(); i++) {
      appendLower(out, text, i);
    }
    return out.build();
  }

  Text upper(Text text) {
    TextBuilder out = new TextBuilder(budget);
    for (int i = 0; i < text.length(); i++) {
      appendUpper(out, text, i);
    }
    return out.build();
  }

  private static void appendLower(TextBuilder out, Text text, int i) {
    out.append(Character.toString(text.at(i)).toLowerCase(Locale.ROOT), text.marked(i));
  }

  private static void appendUpper(TextBuilder out, Text text, int i) {
    out.append(Character.toString(text.at(i)).toUpperCase(Locale.ROOT), text.marked(i));
  }

  private static void appendTitle(TextBuilder out, Text text, int i) {
    int c = text.at(i);
    if (Character.toTitleCase(c) == c && !Character.isTitleCase(c)) {
      appendUpper(out, text, i);
    } else {
      out.append(Text.mark(Character.toTitleCase(c), text.marked(i)));
    }
  }

  Text capitalize(Text text) {
    TextBuilder out = new TextBuilder(budget);
    for (int i = 0; i < text.length(); i++) {
      if (i == 0) {
        appendTitle(out, text, i);
      } else {
        appendLower(out, text, i);
      }
    }
    return out.build();
  }

  /** Words begin after whatever is no letter. */
  Text title(Text text) {
    TextBuilder out = new TextBuilder(budget);
    boolean withinWord = false;
    for (int i = 0; i < text.length(); i++) {
      if (withinWord) {
        appendLower(out, text, i);
      } else {
        appendTitle(out, text, i);
      }
      withinWord = Characters.isCased(text.at(i));
    }
    return out.build();
  }

  /** The filter's way: words begin after spaces, hyphens and opening brackets. */
  Text titleOfFilter(Text text) {
    TextBuilder out = new TextBuilder(budget);
    boolean begins = true;
    for (int i = 0; i < text.length(); i++) {
      int c = text.at(i);
      if (begins) {
        appendUpper(out, text, i);
      } else {
        appendLower(out, text, i);
      }
      begins = Characters.isSpace(c) || "-({[<".indexOf(c) >= 0;
    }
    return out.build();
  }

  Text swapCase(Text text) {
    TextBuilder out = new TextBuilder(budget);
    for (int i = 0; i < text.length(); i++) {
      if (Character.isUpperCase(text.at(i))) {
        appendLower(out, text, i);
      } else {
        appendUpper(out, text, i);
      }
    }
    return out.build();
  }

  static boolean isCased(Text text, IntPredicate kind) {
    boolean any = false;
    for (int i = 0; i < text.length(); i++) {
      if (Characters.isCased(text.at(i))) {
        if (!kind.test(text.at(i))) {
          return false;
        }
        any = true;
      }
    }
    return any;
  }

  static boolean isTitle(Text text) {
    boolean any = false;
    boolean withinWord = false;
    for (int i = 0; i < text.length(); i++) {
      int c = text.at(i);
      if (Character.isLowerCase(c) != withinWord && Characters.isCased(c)) {
        return false;
      }
      withinWord = Characters.isCased(c);
      any |= withinWord;
    }
    return any;
  }

  /**
   * Takes characters from the ends.
   *
   * @param characters which; null for white space
   */
  static Text strip(Text text, Text characters, boolean front, boolean back) {
    IntPredicate goes = characters == null ? Characters::isSpace : among(characters);
    int start = 0;
    int end = text.length();
    while (front && start < end && goes.test(text.at(start))) {
      start++;
    }
    while (back && end > start && goes.test(text.at(end - 1))) {
      end--;
    }
    return text.slice(start, end);
  }

  private static IntPredicate among(Text characters) {
    if (characters.length() == 1) {
      int only = characters.at(0);
      return c -> c == only;
    }
    Set<Integer> all = new HashSet<>();
    for (int i = 0; i < characters.length(); i++) {
      all.add(characters.at(i));
    }
    return all::contains;
  }

  static List<Text> split(Text text, Text separator, int most) {
    List<Text> parts = new ArrayList<>();
    int start = 0;
    while (parts.size() < most) {
      int place = text.indexOf(separator, start, text.length());
      if (place < 0) {
        break;
      }
      parts.add(text.slice(start, place));
      start = place + separator.length();
    }
    parts.add(text.slice(start, text.length()));
    return parts;
  }

  /** What white space separates. */
  static List<Text> words(Text text, int most) {
    List<Text> words = new ArrayList<>();
    int position = 0;
    while (true) {
      while (position < text.length() && Characters.isSpace(text.at(position))) {
        position++;
      }
      if (position == text.length()) {
        return words;
      }
      int start = position;
      if (words.size() == most) {
        words.add(text.slice(start, text.length()));
        return words;
      }
      while (position < text.length() && !Characters.isSpace(text.at(position))) {
        position++;
      }
      words.add(text.slice(start, position));
    }
  }

  List<Text> lines(Text text, boolean withEnds) {
    List<Text> lines = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      if (Characters.isLineBreak(text.at(i))) {
        boolean two = text.at(i) == '\r' && i + 1 < text.length() && text.at(i + 1) == '\n';
        int next = i + (two ? 2 : 1);
        lines.add(text.slice(start, withEnds ? next : i));
        start = next;
        i = next - 1;
      }
    }
    if (start < text.length()) {
      lines.add(text.slice(start, text.length()));
    }
    return lines;
  }

  Text replace(Text text, Text old, Text replacement, int most) {
    TextBuilder out = new TextBuilder(budget);
    int start = 0;
    int count = 0;
    if (old.isEmpty()) {
      for (; count < most && count <= text.length(); count++) {
        out.append(replacement);
        if (count < text.length()) {
          out.append(text.marked(count));
        }
      }
      return out.append(text.slice(Math.min(count, text.length()), text.length())).build();
    }
    for (; count < most; count++) {
      int place = text.indexOf(old, start, text.length());
      if (place < 0) {
        break;
      }
      out.append(text.slice(start, place)).append(replacement);
      start = place + old.length();
    }
    return count == 0 ? text : out.append(text.slice(start, text.length())).build();
  }

  static long count(Text text, Text part) {
    return part.isEmpty() ? text.length() + 1L : split(text, part, Integer.MAX_VALUE).size() - 1L;
  }

  Text repeat(Text text, long times) {
    long length = Math.multiplyExact((long) text.length(), Math.max(0, times));
    budget.text(length);
    int[] marked = new int[Math.toIntExact(length)];
    for (int i = 0; i < marked.length; i++) {
      marked[i] = text.marked(i % text.length());
    }
    return Text.ofMarked(marked);
  }

  Text pad(Text text, Text fill, int front, int back) {
    TextBuilder out = new TextBuilder(budget);
    return out.append(repeat(fill, front)).append(text).append(repeat(fill, back)).build();
  }

  Text zeroFill(Text text, int width) {
    boolean signed = !text.isEmpty() && (text.at(0) == '-' || text.at(0) == '+');
    int sign = signed ? 1 : 0;
    Text zeros = repeat(Text.of("0"), width - (long) text.length());
    return text.slice(0, sign).plus(zeros).plus(text.slice(sign, text.length()));
  }

  Text expandTabs(Text text, int size) {
    TextBuilder out = new TextBuilder(budget);
    int column = 0;
    for (int i = 0; i < text.length(); i++) {
      int c = text.at(i);
      if (c == '\t') {
        int spaces = size > 0 ? size - column % size : 0;
        out.append(repeat(SPACE, spaces));
        column += spaces;
      } else {
        out.append(text.marked(i));
        column = c == '\n' || c == '\r' ? 0 : column + 1;
      }
    }
    return out.build();
  }

  /** The filter {@code indent}. */
  Text indent(Text text, Text indentation, boolean first, boolean blank) {
    List<Text> lines = lines(text.plus(Text.of("\n")), false);
    TextBuilder out = new TextBuilder(budget);
    for (int i = 0; i < lines.size(); i++) {
      boolean indented = i == 0 ? first : blank || !lines.get(i).isEmpty();
      out.append(i > 0 ? "\n" : "").append(indented ? indentation : Text.EMPTY);
      out.append(lines.get(i));
    }
    return out.build();
  }

  /** The filter {@code truncate}. */
  Text truncate(Text text, int length, boolean cutsWords, Text end, int leeway) {
    if (length < end.length() || leeway < 0) {
      throw new TemplateException(
          "'truncate' expects a length of at least %d and a leeway of at least 0"
              .formatted(end.length()));
    }
    if (text.length() <= (long) length + leeway) {
      return text;
    }
    Text kept = text.slice(0, length - end.length());
    int space = cutsWords ? -1 : kept.lastIndexOf(SPACE, 0, kept.length());
    return (space < 0 ? kept : kept.slice(0, space)).plus(end);
  }

  /** What HTML needs: the filter {@code escape}. */
  Text escape(Text text) {
    TextBuilder out = new TextBuilder(budget);
    for (int i = 0; i < text.length(); i++) {
      int marked = text.marked(i);
      switch (text.at(i)) {
        case '&' -> out.append("&amp;", marked);
        case '<' -> out.append("&lt;", marked);
        case '>' -> out.append("&gt;", marked);
        case '"' -> out.append("&#34;", marked);
        case '\'' -> out.append("&#39;", marked);
        default -> out.append(marked);
      }
    }
    return out.build();
  }
}

package org.zonda.bench.picture;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.zonda.bench.Machine;
import org.zonda.bench.Sizes;

/**
 * A page of pictures and tables in one file that needs no other, without scripts. Parts stand in
 * the order in which they are added; all text is escaped.
 */
public final class Report {

  private final String title;
  private final StringBuilder body = new StringBuilder();

  /** Facts in a row are one list, which is still open. */
  private boolean inFacts;

  /**
   * An empty page.
   *
   * @param title its title and first heading
   */
  public Report(String title) {
    this.title = title;
  }

  /**
   * Adds a paragraph.
   *
   * @param paragraph text
   * @return this
   */
  public Report text(String paragraph) {
    part().append("<p>").append(Markup.escape(paragraph)).append("</p>\n");
    return this;
  }

  /**
   * Adds a heading.
   *
   * @param heading text
   * @return this
   */
  public Report section(String heading) {
    part().append("<h2>").append(Markup.escape(heading)).append("</h2>\n");
    return this;
  }

  /**
   * Adds something that must be known to compare the figures. Facts in a row stand below one
   * another.
   *
   * @param name what it is, such as {@code model}
   * @param value text
   * @return this
   */
  public Report fact(String name, String value) {
    if (!inFacts) {
      body.append("<dl>\n");
      inFacts = true;
    }
    body.append("<dt>").append(Markup.escape(name)).append("</dt>");
    body.append("<dd>").append(Markup.escape(value)).append("</dd>\n");
    return this;
  }

  /**
   * Adds where and when something was measured as facts.
   *
   * @param machine where
   * @param commit of this program, where it is known
   * @param time when it began
   * @return this
   */
  public Report measuredOn(Machine machine, Optional<String> commit, Instant time) {
    fact(
        "machine",
        "%s, %d cores, %s; %s"
            .formatted(
                machine.cpu(), machine.cores(), Sizes.of(machine.memoryBytes()), machine.system()));
    fact("java", machine.java());
    fact("commit", commit.orElse("unknown"));
    return fact("time", time.truncatedTo(ChronoUnit.SECONDS).toString());
  }

  /**
   * Adds a picture, a link that saves it by itself, and its figures.
   *
   * @param picture any
   * @return this
   */
  public Report picture(Picture picture) {
    String svg = picture.toSvg();
    part().append("<figure>\n<div class=\"wide\">\n").append(svg).append("</div>\n");
    body.append("<details><summary>The same in figures</summary>\n");
    cells(picture.table());
    body.append("</details>\n");
    save(Markup.fileName(picture.title(), ".svg"), "image/svg+xml", svg, "Save the picture");
    body.append("</figure>\n");
    return this;
  }

  /**
   * Adds a table.
   *
   * @param table any
   * @return this
   */
  public Report table(Table table) {
    part();
    cells(table);
    return this;
  }

  /**
   * Adds a list.
   *
   * @param items text
   * @return this
   */
  public Report list(List<String> items) {
    part().append("<ul>\n");
    for (String item : items) {
      body.append("<li>").append(Markup.escape(item)).append("</li>\n");
    }
    body.append("</ul>\n");
    return this;
  }

  /**
   * Adds the raw rows, to look at, copy or save.
   *
   * @param json text in JSON
   * @return this
   */
  public Report rows(String json) {
    section("Raw rows");
    save(Markup.fileName(title, ".json"), "application/json", json, "Save the rows");
    body.append("<details><summary>Every measurement as JSON</summary>\n<pre>");
    body.append(Markup.escape(json)).append("</pre></details>\n");
    return this;
  }

  /**
   * The page.
   *
   * @return an HTML file
   */
  public String toHtml() {
    part();
    String escaped = Markup.escape(title);
    return """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <title>%s</title>
        <style>
        %s</style>
        </head>
        <body>
        <main>
        <h1>%s</h1>
        %s</main>
        </body>
        </html>
        """
        .formatted(escaped, Style.PAGE, escaped, body);
  }

  /** Begins a part that is no fact. */
  private StringBuilder part() {
    if (inFacts) {
      body.append("</dl>\n");
      inFacts = false;
    }
    return body;
  }

  private void cells(Table table) {
    String caption = Markup.escape(table.caption());
    body.append("<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"")
        .append(caption)
        .append("\"><table>\n<caption>")
        .append(caption)
        .append("</caption>\n<thead><tr>");
    List<String> kinds =
        IntStream.range(0, table.head().size())
            .mapToObj(c -> isWords(table, c) ? " class=\"words\"" : "")
            .toList();
    for (int c = 0; c < kinds.size(); c++) {
      cell("th", kinds.get(c) + " scope=\"col\"", table.head().get(c));
    }
    body.append("</tr></thead>\n<tbody>\n");
    for (List<String> row : table.rows()) {
      body.append("<tr>");
      cell("th", kinds.getFirst() + " scope=\"row\"", row.getFirst());
      for (int c = 1; c < kinds.size(); c++) {
        cell("td", kinds.get(c), row.get(c));
      }
      body.append("</tr>\n");
    }
    body.append("</tbody></table></div>\n");
  }

  /** Words begin where the column begins, numbers end where it ends. */
  private static boolean isWords(Table table, int column) {
    long words =
        table.rows().stream()
            .map(row -> row.get(column))
            .filter(cell -> !cell.isEmpty() && Character.isLetter(cell.codePointAt(0)))
            .count();
    return column == 0 || 2 * words > table.rows().size();
  }

  private void cell(String element, String attributes, String text) {
    body.append('<').append(element).append(attributes).append('>');
    body.append(Markup.escape(text)).append("</").append(element).append('>');
  }

  /** A link that needs no server and no script: it carries the file. */
  private void save(String file, String type, String content, String shown) {
    String data = Base64.getEncoder().encodeToString(content.getBytes(StandardCharsets.UTF_8));
    body.append("<p class=\"save\"><a download=\"")
        .append(Markup.escape(file))
        .append("\" href=\"data:")
        .append(type)
        .append(";base64,")
        .append(data)
        .append("\">")
        .append(shown)
        .append("</a></p>\n");
  }
}

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Adds up the reports of one test run. `./zonda test` starts this file as it is, with the checkout,
 * a file made when the run began (reports older than that are of earlier runs), and Maven's exit
 * code.
 *
 * <p>Prints why tests were skipped, a line for each reason, and the totals as the last line.
 */
final class TestSummary {

  private final Map<String, Integer> reasons = new TreeMap<>();
  private int tests;
  private int failed;
  private int skipped;

  public static void main(String[] arguments) throws Exception {
    Path root = Path.of(arguments[0]);
    FileTime begun = Files.getLastModifiedTime(Path.of(arguments[1]));
    TestSummary summary = new TestSummary();
    for (Path report : reports(root)) {
      if (Files.getLastModifiedTime(report).compareTo(begun) >= 0) {
        summary.add(report);
      }
    }
    summary.print(arguments[2].equals("0"));
  }

  private static List<Path> reports(Path root) throws IOException {
    try (Stream<Path> files = Files.find(root, 5, (file, attributes) -> isReport(file))) {
      return files.toList();
    }
  }

  /** [room/]module/target/surefire-reports/TEST-class.xml, or failsafe-reports. */
  private static boolean isReport(Path file) {
    String name = file.getFileName().toString();
    return name.startsWith("TEST-")
        && name.endsWith(".xml")
        && file.getParent().getFileName().toString().endsWith("-reports");
  }

  private void add(Path report) throws Exception {
    Element suite =
        DocumentBuilderFactory.newDefaultInstance()
            .newDocumentBuilder()
            .parse(report.toFile())
            .getDocumentElement();
    tests += Integer.parseInt(suite.getAttribute("tests"));
    failed += Integer.parseInt(suite.getAttribute("failures"));
    failed += Integer.parseInt(suite.getAttribute("errors"));
    skipped += Integer.parseInt(suite.getAttribute("skipped"));
    NodeList elements = suite.getElementsByTagName("skipped");
    for (int i = 0; i < elements.getLength(); i++) {
      reasons.merge(reason((Element) elements.item(i)), 1, Integer::sum);
    }
  }

  /** The message of an annotation or assumption; some stand only before the stack trace. */
  private static String reason(Element skipped) {
    String reason = skipped.getAttribute("message");
    if (reason.isBlank()) {
      reason = skipped.getTextContent().split("\n\tat ", 2)[0];
    }
    reason = reason.replaceFirst("^[\\w.]+(Exception|Error): ", "");
    reason = reason.replaceFirst("^Assumption failed: ", "");
    return reason.isBlank() ? "no reason given" : reason.strip().replaceAll("\\s+", " ");
  }

  private void print(boolean passed) {
    System.out.println();
    reasons.forEach((reason, count) -> System.out.println("Skipped " + count + ": " + reason));
    System.out.println(
        "Tests: "
            + (tests - failed - skipped)
            + " passed, "
            + failed
            + " failed, "
            + skipped
            + " skipped"
            // Such as code that does not compile: the totals must not look like success.
            + (passed || failed > 0 ? "" : "; the build FAILED for another reason, see above"));
  }
}

package org.zonda.bench.picture;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** An SVG element as a parser of XML reads it. */
public record Parsed(Element root) {

  public static Parsed of(Picture picture) {
    return of(picture.toSvg());
  }

  public static Parsed of(String xml) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newNSInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      var builder = factory.newDocumentBuilder();
      builder.setErrorHandler(null);
      return new Parsed(builder.parse(new InputSource(new StringReader(xml))).getDocumentElement());
    } catch (SAXException e) {
      throw new AssertionError("not well-formed: " + e.getMessage() + "\n" + xml, e);
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All elements of a name, in order. */
  public List<Element> all(String name) {
    NodeList nodes = root.getElementsByTagName(name);
    return IntStream.range(0, nodes.getLength()).mapToObj(i -> (Element) nodes.item(i)).toList();
  }

  /** All elements of a name and a class. */
  public List<Element> all(String name, String type) {
    return all(name).stream()
        .filter(element -> List.of(element.getAttribute("class").split(" ")).contains(type))
        .toList();
  }

  /** The values of all attributes of all elements but classes. */
  public List<String> attributes() {
    List<String> values = new ArrayList<>();
    for (Element element : all("*")) {
      for (int i = 0; i < element.getAttributes().getLength(); i++) {
        if (!element.getAttributes().item(i).getNodeName().equals("class")) {
          values.add(element.getAttributes().item(i).getNodeValue());
        }
      }
    }
    return values;
  }

  /** What is written, without what pointers are told. */
  public List<String> texts() {
    List<String> texts = new ArrayList<>();
    for (Element text : all("text")) {
      texts.add(own(text));
    }
    return texts;
  }

  /** The text of an element without that of its children. */
  public static String own(Element element) {
    StringBuilder own = new StringBuilder();
    for (Node n = element.getFirstChild(); n != null; n = n.getNextSibling()) {
      if (n.getNodeType() == Node.TEXT_NODE) {
        own.append(n.getNodeValue());
      }
    }
    return own.toString().strip();
  }

  public static double number(Element element, String attribute) {
    return Double.parseDouble(element.getAttribute(attribute));
  }
}

package org.zonda.model.json;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.zonda.model.ZondaException;

/**
 * A JSON object of an untrusted file, read field by field. Each getter throws a {@link
 * ZondaException} that names the file, the field, what was found and what was expected. A field
 * that is null counts as absent. Immutable.
 */
public final class JsonObject {

  private final String context;
  private final Map<String, ?> fields;

  private JsonObject(String context, Map<String, ?> fields) {
    this.context = context;
    this.fields = fields;
  }

  /**
   * Reads a document, which must be an object.
   *
   * @param text the document
   * @param context what messages name first, such as the file
   * @return the object
   * @throws ZondaException if it is no JSON, or JSON of another kind
   */
  public static JsonObject parse(String text, String context) {
    return of(new JsonReader(text, context).document(), context);
  }

  private static JsonObject of(Object value, String context) {
    if (value instanceof Map<?, ?> map) {
      @SuppressWarnings("unchecked") // the reader makes no other maps
      Map<String, ?> fields = (Map<String, ?>) map;
      return new JsonObject(context, fields);
    }
    throw new ZondaException(context + ": holds " + show(value) + "; expected a JSON object");
  }

  /**
   * The names of all fields, in the order of the document.
   *
   * @return an unmodifiable set
   */
  public Set<String> names() {
    return Collections.unmodifiableSet(fields.keySet());
  }

  /**
   * Whether a field is there and not null.
   *
   * @param name the field
   * @return false also for null
   */
  public boolean has(String name) {
    return fields.get(name) != null;
  }

  /**
   * An object that must be there.
   *
   * @param name the field
   * @return the object, whose messages name this field too
   */
  public JsonObject object(String name) {
    if (!has(name)) {
      throw fault(name, "an object");
    }
    return of(fields.get(name), context + ": '" + name + "'");
  }

  /**
   * An object that may be there.
   *
   * @param name the field
   * @return the object; empty of fields where it is absent
   */
  public JsonObject objectOrEmpty(String name) {
    return has(name) ? object(name) : new JsonObject(context, Map.of());
  }

  /**
   * A text that may be there.
   *
   * @param name the field
   * @return the text
   */
  public Optional<String> findString(String name) {
    return Optional.ofNullable(typed(name, String.class, "a string"));
  }

  /**
   * A text that must be there.
   *
   * @param name the field
   * @return the text
   */
  public String string(String name) {
    return findString(name).orElseThrow(() -> fault(name, "a string"));
  }

  /**
   * A truth value that may be there.
   *
   * @param name the field
   * @return the value; false where it is absent
   */
  public boolean flag(String name) {
    return Boolean.TRUE.equals(typed(name, Boolean.class, "true or false"));
  }

  /**
   * A number that must be there.
   *
   * @param name the field
   * @return the number
   */
  public double number(String name) {
    Number number = typed(name, Number.class, "a number");
    if (number == null) {
      throw fault(name, "a number");
    }
    return number.doubleValue();
  }

  /**
   * An array of whole numbers that must be there.
   *
   * @param name the field
   * @return a new array
   */
  public long[] longs(String name) {
    List<?> elements = typed(name, List.class, "an array of whole numbers");
    if (elements == null || !elements.stream().allMatch(Long.class::isInstance)) {
      throw fault(name, "an array of whole numbers");
    }
    return elements.stream().mapToLong(Long.class::cast).toArray();
  }

  /**
   * Whether an array or an object is there and holds something.
   *
   * @param name the field
   * @return false also for null and for values of other kinds
   */
  public boolean hasElements(String name) {
    return switch (fields.get(name)) {
      case List<?> list -> !list.isEmpty();
      case Map<?, ?> map -> !map.isEmpty();
      case null, default -> false;
    };
  }

  /**
   * A field as messages show it.
   *
   * @param name the field
   * @return one short line; {@code null} where it is absent
   */
  public String show(String name) {
    return show(fields.get(name));
  }

  /**
   * A fault of a field.
   *
   * @param name the field
   * @param expected what would work
   * @return the exception to throw
   */
  public ZondaException fault(String name, String expected) {
    String found = fields.containsKey(name) ? "is " + show(name) : "is missing";
    return new ZondaException(context + ": '" + name + "' " + found + "; expected " + expected);
  }

  private <T> T typed(String name, Class<T> type, String expected) {
    Object value = fields.get(name);
    if (value != null && !type.isInstance(value)) {
      throw fault(name, expected);
    }
    return type.cast(value);
  }

  private static String show(Object value) {
    String shown = value instanceof String text ? "\"" + text + "\"" : String.valueOf(value);
    return shown.length() > 80 ? shown.substring(0, 80) + "..." : shown;
  }
}

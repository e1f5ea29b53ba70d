package org.zonda.app.device;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.FieldRefEntry;
import java.lang.classfile.constantpool.InterfaceMethodRefEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Whether every class, method and field of TornadoVM's API that Zonda was compiled against is in
 * the TornadoVM that this JVM has. The JVM itself would notice only when it gets there.
 *
 * @param members how many classes, methods and fields were looked up
 * @param missing those that are not there as they were, with the class that uses each
 */
public record LinkCheck(int members, Set<String> missing) {

  private static final String API = "uk/ac/manchester/tornado/";
  private static final String OURS = "org/zonda/";

  /** Belongs to the simulator, which is not seen where the real TornadoVM is. */
  private static final String SIMULATOR = "org/zonda/tornado/simulator/";

  /**
   * Checks Zonda's classes.
   *
   * @param place the jar or folder that holds them
   * @return what was found
   * @throws IOException if it cannot be read
   */
  public static LinkCheck of(Path place) throws IOException {
    Search search = new Search();
    if (Files.isDirectory(place)) {
      search.all(place);
    } else {
      try (FileSystem jar = FileSystems.newFileSystem(place)) {
        search.all(jar.getPath("/"));
      }
    }
    return new LinkCheck(search.seen.size(), search.missing);
  }

  /** Goes through class files and resolves what their constant pools name. */
  private static final class Search {
    private final Set<String> seen = new TreeSet<>();
    private final Set<String> missing = new TreeSet<>();

    void all(Path root) throws IOException {
      Path ours = root.resolve(OURS);
      try (Stream<Path> files = Files.walk(ours)) {
        for (Path file : (Iterable<Path>) files::iterator) {
          String name = root.relativize(file).toString().replace('\\', '/');
          if (name.endsWith(".class") && !name.startsWith(SIMULATOR)) {
            one(ClassFile.of().parse(Files.readAllBytes(file)));
          }
        }
      }
    }

    private void one(ClassModel model) {
      String user = model.thisClass().asInternalName().replace('/', '.');
      for (PoolEntry entry : model.constantPool()) {
        switch (entry) {
          case ClassEntry type when type.asInternalName().startsWith(API) ->
              note(type.asInternalName().replace('/', '.'), user, find(type.asInternalName()));
          case MemberRefEntry member when member.owner().asInternalName().startsWith(API) ->
              note(text(member), user, has(member));
          default -> {}
        }
      }
    }

    private void note(String what, String user, boolean there) {
      seen.add(what);
      if (!there) {
        missing.add(what + " (used by " + user + ")");
      }
    }

    private static String text(MemberRefEntry member) {
      String type = member.type().stringValue();
      String name = member.owner().asInternalName().replace('/', '.') + "." + member.name();
      return type.startsWith("(") ? name + type : name + ": " + type;
    }

    private static boolean find(String internalName) {
      return load(internalName) != null;
    }

    /** A class that others may use; null if there is none. */
    private static Class<?> load(String internalName) {
      try {
        Class<?> type =
            Class.forName(internalName.replace('/', '.'), false, LinkCheck.class.getClassLoader());
        boolean open =
            Modifier.isPublic(type.getModifiers())
                && type.getModule().isExported(type.getPackageName(), LinkCheck.class.getModule());
        return open ? type : null;
      } catch (ClassNotFoundException | LinkageError e) {
        return null;
      }
    }

    private static boolean has(MemberRefEntry member) {
      Class<?> owner = load(member.owner().asInternalName());
      if (owner == null) {
        return false;
      }
      String name = member.name().stringValue();
      String type = member.type().stringValue();
      try {
        return switch (member) {
          case FieldRefEntry _ ->
              Arrays.stream(owner.getFields()).anyMatch(field -> is(field, name, type));
          case InterfaceMethodRefEntry _ -> owner.isInterface() && hasMethod(owner, name, type);
          default -> !owner.isInterface() && hasMethod(owner, name, type);
        };
      } catch (LinkageError e) {
        return false;
      }
    }

    private static boolean is(Field field, String name, String type) {
      return field.getName().equals(name) && field.getType().descriptorString().equals(type);
    }

    private static boolean hasMethod(Class<?> owner, String name, String type) {
      if (name.equals("<init>")) {
        return Arrays.stream(owner.getConstructors()).anyMatch(c -> descriptor(c).equals(type));
      }
      return Stream.of(owner, Object.class)
          .flatMap(c -> Arrays.stream(c.getMethods()))
          .anyMatch(method -> method.getName().equals(name) && descriptor(method).equals(type));
    }

    private static String descriptor(Method method) {
      return MethodType.methodType(method.getReturnType(), method.getParameterTypes())
          .descriptorString();
    }

    private static String descriptor(Constructor<?> constructor) {
      return MethodType.methodType(void.class, constructor.getParameterTypes()).descriptorString();
    }
  }
}

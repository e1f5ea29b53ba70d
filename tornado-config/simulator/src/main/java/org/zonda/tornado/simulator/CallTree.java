package org.zonda.tornado.simulator;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LineNumber;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import uk.ac.manchester.tornado.api.exceptions.TornadoRuntimeException;

/**
 * The methods of a kernel, and the copies of them that are made: TornadoVM inlines every call, so
 * that a barrier or a local array of a helper is another one at each place that calls the helper.
 * Methods with such places are copied for each call; the others are there once.
 */
final class CallTree {
  /**
   * A copy of a method.
   *
   * @param name the copy's name
   * @param callees the copies it calls, in the order of the calls
   * @param sites the numbers of its places, in their order
   */
  record Copy(KernelMethod method, String name, List<Copy> callees, List<Integer> sites) {}

  private static final int MAX_DEPTH = 64;

  private final ClassLoader loader;
  private final Map<String, ClassModel> classes = new HashMap<>();
  private final Map<KernelMethod.Key, KernelMethod> methods = new LinkedHashMap<>();
  private final Set<KernelMethod> sited = new HashSet<>();
  private final Map<KernelMethod, Copy> shared = new HashMap<>();
  private final List<Copy> copies = new ArrayList<>();
  private final List<String> siteNames = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private final Copy root;

  CallTree(ClassLoader loader, KernelMethod.Key entry) {
    this.loader = loader;
    KernelMethod kernel = read(entry);
    findSited();
    findRecursion(kernel, new ArrayList<>());
    this.root = problems.isEmpty() ? copy(kernel, 0) : null;
  }

  /** The kernel's own copy, which nothing calls; null where there is recursion. */
  Copy root() {
    return root;
  }

  KernelMethod kernel() {
    return methods.values().iterator().next();
  }

  /** All methods, the kernel first. */
  Collection<KernelMethod> methods() {
    return methods.values();
  }

  List<Copy> copies() {
    return copies;
  }

  /** The names of barriers, exchanges and local arrays, by number. */
  List<String> siteNames() {
    return siteNames;
  }

  /** Recursion, as text. */
  List<String> problems() {
    return problems;
  }

  /** The class file of a class among those of the kernel. */
  ClassModel classOf(String owner) {
    return classes.get(owner);
  }

  /** Whether a call is a place of its own: a barrier, an exchange or a local array. */
  static boolean isSite(InvokeInstruction call) {
    return call.owner().asInternalName().equals(Api.CONTEXT)
        && (call.name().stringValue().endsWith("Barrier")
            || call.name().stringValue().startsWith("allocate")
            || isExchange(call));
  }

  /** Whether a call exchanges values within a sub-group. */
  static boolean isExchange(InvokeInstruction call) {
    String name = call.name().stringValue();
    return call.owner().asInternalName().equals(Api.CONTEXT)
        && (name.startsWith("simd") || name.equals("mma") || name.equals("mmaInt8"));
  }

  /** Whether a call goes to a method of the kernel's own kind. */
  static boolean isKernelCall(InvokeInstruction call) {
    String owner = call.owner().asInternalName();
    return call.opcode() == Opcode.INVOKESTATIC
        && !owner.startsWith("java/")
        && !owner.startsWith("jdk/")
        && !owner.startsWith("[")
        && !Api.contains(owner);
  }

  private KernelMethod read(KernelMethod.Key key) {
    KernelMethod known = methods.get(key);
    if (known != null) {
      return known;
    }
    MethodModel model =
        classes.computeIfAbsent(key.owner(), this::parse).methods().stream()
            .filter(
                m ->
                    m.flags().has(AccessFlag.STATIC)
                        && m.methodName().equalsString(key.name())
                        && m.methodType().equalsString(key.descriptor()))
            .findFirst()
            .orElseThrow(
                () ->
                    new TornadoRuntimeException(
                        "no static method "
                            + KernelMethod.display(key.owner(), key.name())
                            + key.descriptor()
                            + "; a kernel is a static method and calls methods only of the class that declares them"));
    KernelMethod method = new KernelMethod(key.owner(), model);
    methods.put(key, method);
    if (model.code().isPresent()) {
      for (CodeElement element : method.code()) {
        if (element instanceof InvokeInstruction call && isKernelCall(call)) {
          method.calls().add(read(KernelMethod.Key.of(call)));
        }
      }
    }
    return method;
  }

  private ClassModel parse(String owner) {
    try (var in =
        loader == null
            ? ClassLoader.getSystemResourceAsStream(owner + ".class")
            : loader.getResourceAsStream(owner + ".class")) {
      if (in == null) {
        throw new TornadoRuntimeException("the class file of " + owner + " cannot be found");
      }
      return ClassFile.of().parse(in.readAllBytes());
    } catch (IOException e) {
      throw new TornadoRuntimeException(
          "the class file of " + owner + " cannot be read: " + e.getMessage());
    }
  }

  private void findSited() {
    for (KernelMethod method : methods.values()) {
      for (CodeElement element : method.code()) {
        if (element instanceof InvokeInstruction call && isSite(call)) {
          sited.add(method);
        }
      }
    }
    boolean grown = true;
    while (grown) {
      grown = false;
      for (KernelMethod method : methods.values()) {
        if (!sited.contains(method) && method.calls().stream().anyMatch(sited::contains)) {
          sited.add(method);
          grown = true;
        }
      }
    }
  }

  private void findRecursion(KernelMethod method, List<KernelMethod> path) {
    if (path.contains(method) || path.size() > MAX_DEPTH) {
      String problem = method.display() + " calls itself";
      if (!problems.contains(problem)) {
        problems.add(problem);
      }
      return;
    }
    path.add(method);
    for (KernelMethod callee : new HashSet<>(method.calls())) {
      findRecursion(callee, path);
    }
    path.removeLast();
  }

  private Copy copy(KernelMethod method, int depth) {
    boolean own = sited.contains(method);
    if (!own && shared.containsKey(method)) {
      return shared.get(method);
    }
    String name = method.model().methodName().stringValue();
    Copy copy =
        new Copy(
            method,
            own && depth > 0 ? name + "$" + copies.size() : name,
            new ArrayList<>(),
            new ArrayList<>());
    copies.add(copy);
    if (!own) {
      shared.put(method, copy);
    }
    int line = 0;
    int call = 0;
    for (CodeElement element : method.code()) {
      if (element instanceof LineNumber number) {
        line = number.line();
      } else if (element instanceof InvokeInstruction invoke) {
        if (isSite(invoke)) {
          copy.sites().add(siteNames.size());
          siteNames.add(invoke.name().stringValue() + " at " + method.display() + ":" + line);
        } else if (isKernelCall(invoke)) {
          copy.callees().add(copy(method.calls().get(call++), depth + 1));
        }
      }
    }
    return copy;
  }
}

package org.zonda.tornado.simulator;

import java.lang.classfile.CodeElement;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;
import uk.ac.manchester.tornado.api.exceptions.TornadoTaskRuntimeException;

/**
 * A kernel made ready to run. It is made once for each method and kept: all plans share it, and so
 * the JVM's compiled code for it.
 */
final class Kernel {
  private static final Map<Object, Kernel> KERNELS = new ConcurrentHashMap<>();

  private final CallTree tree;
  private final ClassLoader loader;
  private final List<String> problems = new ArrayList<>();
  private final Map<TornadoVMBackendType, List<String>> findings =
      new EnumMap<>(TornadoVMBackendType.class);
  private final Set<String> classNames;
  private final List<String> siteNames = new ArrayList<>();
  private final boolean waits;
  private final boolean exchanges;
  private Access[] accesses;
  private KernelCode code;

  /**
   * The kernel behind a task's code.
   *
   * @param code a serializable reference to a static method
   */
  static Kernel of(Object code) {
    SerializedLambda lambda = describe(code);
    if (lambda.getCapturedArgCount() > 0) {
      throw new TornadoTaskRuntimeException(
          "a kernel must not use variables from around it: "
              + KernelMethod.display(lambda.getImplClass(), lambda.getImplMethodName()));
    }
    KernelMethod.Key key =
        new KernelMethod.Key(
            lambda.getImplClass(), lambda.getImplMethodName(), lambda.getImplMethodSignature());
    ClassLoader loader = code.getClass().getClassLoader();
    return KERNELS.computeIfAbsent(List.of(key, loader), _ -> new Kernel(loader, key));
  }

  private static SerializedLambda describe(Object code) {
    try {
      Method replace = code.getClass().getDeclaredMethod("writeReplace");
      replace.setAccessible(true);
      return (SerializedLambda) replace.invoke(code);
    } catch (ReflectiveOperationException e) {
      throw new TornadoTaskRuntimeException(
          "a task's code must be a reference to a static method: " + code.getClass().getName(), e);
    }
  }

  private Kernel(ClassLoader loader, KernelMethod.Key key) {
    this.loader = loader;
    this.tree = new CallTree(loader, key);
    this.classNames =
        tree.methods().stream()
            .map(method -> method.owner().replace('/', '.'))
            .collect(Collectors.toSet());
    this.exchanges = uses(CallTree::isExchange);
    this.waits =
        exchanges || uses(c -> CallTree.isSite(c) && c.name().stringValue().endsWith("Barrier"));
    problems.addAll(tree.problems());
    if (problems.isEmpty()) {
      Map<KernelMethod, DataFlow> flows = new HashMap<>();
      accesses = DataFlow.of(tree.kernel(), flows).accesses();
      flows.values().forEach(flow -> problems.addAll(flow.problems()));
      nameSites(flows);
    }
  }

  private boolean uses(Predicate<InvokeInstruction> kind) {
    for (KernelMethod method : tree.methods()) {
      for (CodeElement element : method.code()) {
        if (element instanceof InvokeInstruction call && kind.test(call)) {
          return true;
        }
      }
    }
    return false;
  }

  private void nameSites(Map<KernelMethod, DataFlow> flows) {
    siteNames.addAll(tree.siteNames());
    for (CallTree.Copy copy : tree.copies()) {
      List<String> names = flows.get(copy.method()).localArrayNames();
      int next = 0;
      for (int site : copy.sites()) {
        if (siteNames.get(site).startsWith("allocate") && next < names.size()) {
          String name = names.get(next++);
          if (!name.isEmpty()) {
            siteNames.set(site, "local array " + name + " (" + copy.method().display() + ")");
          }
        }
      }
    }
  }

  /** The kernel's class and method. */
  String name() {
    return tree.kernel().display();
  }

  /** Whether its items wait for one another. */
  boolean waits() {
    return waits;
  }

  /** Whether its items exchange values within sub-groups. */
  boolean exchanges() {
    return exchanges;
  }

  int parameterCount() {
    return tree.kernel().type().parameterCount();
  }

  /** What it does with a parameter. */
  Access access(int parameter) {
    return accesses[parameter];
  }

  /** The name of a parameter. */
  String parameter(int index) {
    int slot = 0;
    for (int i = 0; i < index; i++) {
      slot += TypeKind.from(tree.kernel().type().parameterType(i)).slotSize();
    }
    return tree.kernel().variable(slot, 0);
  }

  /** Whether a parameter is a kernel context. */
  boolean isContext(int parameter) {
    return Api.internalName(tree.kernel().type().parameterType(parameter)).equals(Api.CONTEXT);
  }

  /** The name of a barrier, an exchange or a local array. */
  String siteName(int site) {
    return siteNames.get(site);
  }

  /** Refuses the kernel if a backend cannot run it. */
  synchronized void check(String task, TornadoVMBackendType backend) {
    List<String> found = new ArrayList<>(problems);
    found.addAll(findings.computeIfAbsent(backend, b -> KernelChecks.findings(tree, b)));
    if (!found.isEmpty()) {
      throw new KernelFault(FaultKind.LACKING_OPERATION, task, String.join("; ", found));
    }
  }

  /** The code that runs it; only after {@link #check}. */
  synchronized KernelCode code() {
    if (code == null) {
      Map<String, byte[]> classes = new KernelTransform(tree, loader).classes();
      try {
        code =
            (KernelCode)
                new Loader(loader, classes)
                    .loadClass(KernelTransform.ENTRY)
                    .getConstructor()
                    .newInstance();
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("the kernel " + name() + " could not be made ready", e);
      }
    }
    return code;
  }

  /** The line of the kernel's code that a stack trace is at. */
  String line(StackTraceElement[] trace) {
    for (StackTraceElement frame : trace) {
      if (classNames.contains(frame.getClassName())) {
        String method = frame.getMethodName();
        int copy = method.lastIndexOf('$');
        return KernelMethod.display(
                frame.getClassName().replace('.', '/'),
                copy > 0 && !method.startsWith("lambda") ? method.substring(0, copy) : method)
            + ":"
            + frame.getLineNumber();
      }
    }
    return name();
  }

  /** Defines the rewritten classes, which hide those that they were made of. */
  private static final class Loader extends ClassLoader {
    private final Map<String, byte[]> classes;

    Loader(ClassLoader parent, Map<String, byte[]> classes) {
      super(parent);
      this.classes = classes;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      byte[] bytes = classes.get(name);
      if (bytes == null) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded != null ? loaded : defineClass(name, bytes, 0, bytes.length);
      }
    }
  }
}

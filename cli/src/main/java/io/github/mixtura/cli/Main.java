package io.github.mixtura.cli;

import io.github.mixtura.compute.Backends;
import io.github.mixtura.data.Printable;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The {@code mixtura} command. */
@Command(
    name = "mixtura",
    description = "Fits mixture models to tables of numbers.",
    versionProvider = Main.Version.class,
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DemoCommand.class,
      FitCommand.class,
      SelectCommand.class,
      PredictCommand.class,
      ScoreCommand.class,
      SampleCommand.class,
      ClusterCommand.class,
      PdeCommand.class,
      RiskCommand.class,
      BackendsCommand.class
    },
    footer = {
      "",
      "mixtura COMMAND --help says more. ./mixtura jshell opens JShell with the library.",
      "Exit codes: 0 done, 1 fault of the program or the machine, 2 wrong usage, 3 a file that cannot",
      "be used or written, 4 backend not available, 130 cancelled."
    })
public final class Main implements Runnable {
  private static final long CANCELLATION_NANOS = 10_000_000_000L;

  /** How long a command may go on reading, or wait for a reader, when it shall end. */
  private static final long WAITING_NANOS = 300_000_000L;

  /** Commands that are told what slows them down. */
  private static final Set<String> COMPUTING =
      Set.of("fit", "select", "predict", "score", "cluster", "pde", "risk");

  @Spec private CommandSpec spec;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show stack traces of errors.")
  private boolean debug;

  private Main() {}

  /**
   * Runs a command and ends the process with its exit code.
   *
   * @param arguments the command line
   */
  public static void main(String[] arguments) {
    PrintStream out = Output.toStandard(new Waited(new FileOutputStream(FileDescriptor.out)));
    PrintStream err =
        new PrintStream(
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.err), 1 << 16),
            true,
            StandardCharsets.UTF_8);
    CountDownLatch done = new CountDownLatch(1);
    AtomicBoolean cancelled = new AtomicBoolean();
    Thread onSignal = new Thread(() -> cancel(cancelled, done), "mixtura-signal");
    Runtime.getRuntime().addShutdownHook(onSignal);
    if (arguments.length > 0 && COMPUTING.contains(arguments[0])) {
      Backends.notes().forEach(note -> err.println("mixtura: note: " + note));
    }
    int code = run(new Terminal(out, err, Terminal.isInteractive(), cancelled::get), arguments);
    out.flush();
    err.flush();
    done.countDown();
    System.exit(code);
  }

  /**
   * Runs when the process ends. If it was told to, leaves the command time to write its best model
   * and ends with the code for that, whatever the signal.
   */
  private static void cancel(AtomicBoolean cancelled, CountDownLatch done) {
    if (done.getCount() == 0) {
      return;
    }
    cancelled.set(true);
    long begin = System.nanoTime();
    try {
      while (!done.await(50, TimeUnit.MILLISECONDS)) {
        long now = System.nanoTime();
        if (now - begin > CANCELLATION_NANOS
            || (now - begin > WAITING_NANOS && Waiting.lastsSince(now - WAITING_NANOS))) {
          System.err.println("mixtura: cancelled");
          break;
        }
      }
      Runtime.getRuntime().halt(ExitCode.CANCELLED);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Standard output, which a reader may hold up. */
  private static final class Waited extends OutputStream {
    private final OutputStream out;

    Waited(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      try {
        Waiting.during(
            () -> {
              try {
                out.write(bytes, from, length);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    }
  }

  /** Runs a command in this process. */
  static int run(Terminal terminal, String... arguments) {
    Main main = new Main();
    CommandLine line = new CommandLine(main, new Commands(terminal));
    line.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.registerConverter(Path.class, Main::path);
    line.setUsageHelpWidth(100);
    line.setUsageHelpAutoWidth(false);
    line.setParameterExceptionHandler(Main::wrongUsage);
    line.setExecutionExceptionHandler(
        (exception, command, result) -> Failures.report(exception, terminal, main.debug));
    int code;
    try {
      code = line.execute(arguments);
    } catch (OutOfMemoryError | StackOverflowError e) {
      code = Failures.report(e, terminal, main.debug);
    }
    return written(terminal, code);
  }

  /** The code, or that for standard output that is lost; a closed pipe is nobody's loss. */
  private static int written(Terminal terminal, int code) {
    if (code != ExitCode.DONE && code != ExitCode.CANCELLED) {
      return code;
    }
    if (!(terminal.out() instanceof Output out)) {
      return code;
    }
    IOException failure = out.failure().orElse(null);
    if (failure == null || out.isClosedPipe(failure)) {
      return code;
    }
    terminal.err().println("mixtura: standard output cannot be written: " + failure.getMessage());
    return ExitCode.UNUSABLE;
  }

  /** A file named on the command line. */
  static Path path(String text) {
    if (text.isBlank()) {
      throw new TypeConversionException("the name of the file is empty");
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new TypeConversionException(
          "'"
              + text
              + "' cannot be the name of a file here; a name beyond ASCII needs a UTF-8 locale, "
              + "such as LC_ALL=C.UTF-8");
    }
  }

  private static int wrongUsage(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    command.getErr().println("mixtura: " + Printable.lines(e.getMessage()));
    CommandLine.UnmatchedArgumentException.printSuggestions(e, command.getErr());
    command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return ExitCode.USAGE;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is needed");
  }

  /** Gives every command its terminal. */
  private record Commands(Terminal terminal) implements CommandLine.IFactory {
    @Override
    public <K> K create(Class<K> type) throws Exception {
      try {
        return type.getDeclaredConstructor(Terminal.class).newInstance(terminal);
      } catch (NoSuchMethodException e) {
        return CommandLine.defaultFactory().create(type);
      }
    }
  }

  /** The version in the jar. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"mixtura " + (version == null ? "(not packaged)" : version)};
    }
  }
}

using System.Diagnostics;
using System.Globalization;
using Atoll.Linker;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Model;
using Atoll.Linker.Profiles;
using Atoll.Linker.Proof;

namespace Atoll.Bench;

/// <summary>What it costs to link and prove each image: in the build, as a process of its own, and without starting
/// one.</summary>
public sealed class LinkerBenchmark : Benchmark
{
    private const string Program = "artifacts/bin/linker/release/Atoll.Linker.dll";
    private const int Processes = 5;
    private const int WarmRuns = 9;
    private const int WarmUpRuns = 3;

    /// <summary>Most that a proof may take: it is part of every build.</summary>
    private const double ProofMilliseconds = 2000;

    private const string IdleProject = "services/Idle/Program/Idle.Program.csproj";

    private static readonly Input[] s_inputs =
    [
        new("atoll", "artifacts/obj/Image/Atoll.Boot.o", null),
        new("idle", "artifacts/obj/Idle.Program/Atoll.Services.Idle.o", new ProgramRequest("idle", 4096)),
    ];

    /// <inheritdoc/>
    public override string Name => "linker";

    /// <inheritdoc/>
    public override string Description => "time and memory to link and to prove each image";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Projects => [IdleProject];

    /// <inheritdoc/>
    public override IEnumerable<Figure> Measure(BenchmarkSetup setup)
    {
        foreach (Input input in s_inputs)
        {
            byte[] image = LinkOnce(input);
            IEnumerable<Figure> figures = Cold(input)
                .Concat(Warm($"linker.{input.Image}.link", () => LinkOnce(input)))
                .Concat(Warm($"linker.{input.Image}.proof", () => ProveOnce(image, input.Image), ProofMilliseconds));
            foreach (Figure figure in figures)
            {
                yield return figure;
            }
        }
    }

    /// <summary>As the build runs it: runtime start, just-in-time compilation, files.</summary>
    private static IEnumerable<Figure> Cold(Input input)
    {
        string folder = Directory.CreateTempSubdirectory("atoll-link-").FullName;
        try
        {
            (double Milliseconds, double PeakBytes)[] runs =
            [
                .. Enumerable.Range(0, Processes).Select(_ => RunProcess(input, folder)),
            ];
            yield return Middle($"linker.{input.Image}.process", "ms", runs.Select(run => run.Milliseconds));
            yield return Middle($"linker.{input.Image}.process.memory", "bytes", runs.Select(run => run.PeakBytes));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static (double Milliseconds, double PeakBytes) RunProcess(Input input, string folder)
    {
        string output = Path.Combine(folder, input.Image);
        string[] kind = input.Program is { } program
            ? ["--program", program.Name, "--stack", program.StackBytes.ToString(CultureInfo.InvariantCulture)]
            : [];
        long start = Stopwatch.GetTimestamp();
        using Process linker = Process.Start(
            "dotnet", ["exec", Program, input.Object, "--output", output + ".elf", "--map", output + ".map", .. kind]);
        double peak = 0;
        while (!linker.WaitForExit(TimeSpan.FromMilliseconds(2)))
        {
            peak = double.Max(peak, PeakOf(linker.Id));
        }

        double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        return linker.ExitCode == 0
            ? (milliseconds, peak)
            : throw new BenchmarkException($"{Program} ended with {linker.ExitCode}");
    }

    /// <summary>Most memory that a living process has had at once (proc(5): VmHWM, in KiB); 0 when it has ended.</summary>
    private static double PeakOf(int process)
    {
        const string Key = "VmHWM:";
        try
        {
            string? line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(line => line.StartsWith(Key, StringComparison.Ordinal));
            return line is null ? 0 : 1024 * double.Parse(line.AsSpan(Key.Length).TrimEnd("kB"), CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static byte[] LinkOnce(Input input) =>
        Link.Run(new LinkRequest
        {
            Objects = [new LinkInput(Path.GetFileName(input.Object), File.ReadAllBytes(input.Object))],
            Profile = input.Program is { } program ? ProgramProfile.Of(program) : KernelProfile.Instance,
        }).Image ?? throw new BenchmarkException($"{input.Object} does not link");

    private static void ProveOnce(byte[] image, string name)
    {
        if (ImageProof.Run(image, name, new DiagnosticBag()) is not { Holds: true })
        {
            throw new BenchmarkException($"{name} is not proved");
        }
    }

    /// <summary>The work alone, compiled already.</summary>
    private static IEnumerable<Figure> Warm(string name, Action work, double? aim = null)
    {
        List<double> milliseconds = [];
        List<double> allocated = [];
        for (int round = -WarmUpRuns; round < WarmRuns; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            long start = Stopwatch.GetTimestamp();
            work();
            if (round >= 0)
            {
                milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                allocated.Add(GC.GetAllocatedBytesForCurrentThread() - before);
            }
        }

        yield return Middle(name, "ms", milliseconds, aim);
        yield return Middle($"{name}.allocated", "bytes", allocated);
    }

    private static Figure Middle(string name, string unit, IEnumerable<double> samples, double? aim = null)
    {
        double[] sorted = [.. samples.Order()];
        return new Figure(name, unit, At(1, 2)) { Aim = aim, Low = At(1, 4), High = At(3, 4) };

        double At(int part, int parts) => Math.Round(sorted[sorted.Length * part / parts], unit == "ms" ? 1 : 0);
    }

    /// <summary>What one image is linked from.</summary>
    /// <param name="Image">Name of the image.</param>
    /// <param name="Object">Path of the object.</param>
    /// <param name="Program">What is asked for a program; null for the kernel.</param>
    private sealed record Input(string Image, string Object, ProgramRequest? Program);
}

using System.Diagnostics;
using System.Globalization;
using Atoll.Linker;
using Atoll.Linker.Model;

namespace Atoll.Bench;

/// <summary>What it costs to link each image: in the build, as a process of its own, and without starting one.</summary>
public sealed class LinkerBenchmark : Benchmark
{
    private const string Program = "artifacts/bin/linker/release/Atoll.Linker.dll";
    private const int Processes = 5;
    private const int WarmLinks = 9;
    private const int WarmUpLinks = 3;

    /// <summary>Name of each image and the object it is linked from.</summary>
    private static readonly (string Image, string Object)[] s_images = [("atoll", "artifacts/obj/Image/kernel.o")];

    /// <inheritdoc/>
    public override string Name => "linker";

    /// <inheritdoc/>
    public override string Description => "time and memory to link each image";

    /// <inheritdoc/>
    public override IEnumerable<Figure> Measure(BenchmarkSetup setup)
    {
        foreach ((string image, string file) in s_images)
        {
            foreach (Figure figure in Cold(image, file).Concat(Warm(image, file)))
            {
                yield return figure;
            }
        }
    }

    /// <summary>As the build runs it: runtime start, just-in-time compilation, files.</summary>
    private static IEnumerable<Figure> Cold(string image, string file)
    {
        string folder = Directory.CreateTempSubdirectory("atoll-link-").FullName;
        try
        {
            (double Milliseconds, double PeakBytes)[] runs =
            [
                .. Enumerable.Range(0, Processes).Select(_ => RunProcess(file, Path.Combine(folder, image))),
            ];
            yield return Middle($"linker.{image}.process", "ms", runs.Select(run => run.Milliseconds));
            yield return Middle($"linker.{image}.process.memory", "bytes", runs.Select(run => run.PeakBytes));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static (double Milliseconds, double PeakBytes) RunProcess(string file, string output)
    {
        long start = Stopwatch.GetTimestamp();
        using Process linker = Process.Start(
            "dotnet", ["exec", Program, file, "--output", output + ".elf", "--map", output + ".map"]);
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

    /// <summary>The passes alone, compiled already.</summary>
    private static IEnumerable<Figure> Warm(string image, string file)
    {
        LinkRequest request = new() { Objects = [new LinkInput(Path.GetFileName(file), File.ReadAllBytes(file))] };
        List<double> milliseconds = [];
        List<double> allocated = [];
        for (int round = -WarmUpLinks; round < WarmLinks; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            long start = Stopwatch.GetTimestamp();
            if (!Link.Run(request).Succeeded)
            {
                throw new BenchmarkException($"{file} does not link");
            }

            if (round >= 0)
            {
                milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                allocated.Add(GC.GetAllocatedBytesForCurrentThread() - before);
            }
        }

        yield return Middle($"linker.{image}.link", "ms", milliseconds);
        yield return Middle($"linker.{image}.link.allocated", "bytes", allocated);
    }

    private static Figure Middle(string name, string unit, IEnumerable<double> samples)
    {
        double[] sorted = [.. samples.Order()];
        return new Figure(name, unit, At(1, 2)) { Low = At(1, 4), High = At(3, 4) };

        double At(int part, int parts) => Math.Round(sorted[sorted.Length * part / parts], unit == "ms" ? 1 : 0);
    }
}

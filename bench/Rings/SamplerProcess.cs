using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Atoll.Bench.Rings;

/// <summary>A program that takes samples on request, one line each way. It sleeps between requests.</summary>
/// <remarks>
/// Several run at once, one for each kind of code: C# with AVX, C# without, C++. So samples of all can be interleaved, and all see the
/// same machine. What they speak is written down in bench/RingSampler/SampleServer.cs.
/// </remarks>
internal sealed class SamplerProcess : IDisposable
{
    private readonly Process _process;

    /// <summary>Starts it.</summary>
    internal SamplerProcess(string program, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            _process = Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new BenchmarkException($"cannot start '{program}': {error.Message}");
        }
    }

    /// <summary>Takes one sample.</summary>
    internal RingSample Take(Series series) => RingSample.Parse(Ask(series.Request));

    /// <summary>Ticks of the time stamp counter in a nanosecond.</summary>
    internal double MeasureTicksPerNanosecond() =>
        Ask("clock")?.Split(' ') is ["clock", var ticks] ? double.Parse(ticks, CultureInfo.InvariantCulture)
        : throw new BenchmarkException("a sampler did not tell its clock rate");

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(5)))
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private string? Ask(string request)
    {
        _process.StandardInput.WriteLine(request);
        _process.StandardInput.Flush();
        return _process.StandardOutput.ReadLine();
    }
}

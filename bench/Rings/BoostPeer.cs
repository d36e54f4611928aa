using System.Diagnostics;
using Atoll.TestVm.Machine;

namespace Atoll.Bench.Rings;

/// <summary>boost's <c>spsc_queue</c>, the peer in C++: compiled for this processor when it is needed.</summary>
internal static class BoostPeer
{
    private const string Compiler = "/usr/bin/c++";
    private const string Header = "/usr/include/boost/lockfree/spsc_queue.hpp";
    private const string Source = "bench/peers/boost_spsc.cpp";
    private const string Program = "artifacts/bench/boost_spsc";

    /// <summary>What it is compiled with and from.</summary>
    internal static IReadOnlyList<DebianPackage> Packages { get; } =
        [new DebianPackage("g++", Compiler), new DebianPackage("libboost-dev", Header)];

    /// <summary>Why it cannot be measured here, or null when it can.</summary>
    internal static string? Missing =>
        string.Join(" ", Packages.Where(package => !package.IsInstalled).Select(package => package.Name)) is { Length: > 0 } names
            ? $"Debian package missing: {names}"
            : null;

    /// <summary>Compiles and starts it.</summary>
    /// <exception cref="BenchmarkException">It does not compile.</exception>
    internal static SamplerProcess Start()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Program)!);
        using Process compiler = Process.Start(
            Compiler, ["-std=c++17", "-O3", "-march=native", "-Wall", "-Wextra", "-Werror", "-pthread", "-o", Program, Source]);
        compiler.WaitForExit();
        return compiler.ExitCode == 0 ? new SamplerProcess(Program, []) : throw new BenchmarkException($"{Source} did not compile");
    }
}

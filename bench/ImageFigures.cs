using Atoll.Linker.Diagnostics;
using Atoll.Linker.Inspect;

namespace Atoll.Bench;

/// <summary>What can be read off the image file alone.</summary>
internal static class ImageFigures
{
    /// <summary>Measures.</summary>
    /// <exception cref="BenchmarkException">The file is no image.</exception>
    public static IEnumerable<Figure> Measure(string imagePath)
    {
        byte[] file = File.ReadAllBytes(imagePath);
        var diagnostics = new DiagnosticBag();
        ImageReport report = ImageInspector.Inspect(file, imagePath, diagnostics)
            ?? throw new BenchmarkException(string.Join('\n', diagnostics.Found));
        return
        [
            new Figure("image.size", "bytes", file.Length),
            new Figure("image.locked-instructions", "instructions", report.Interlocked.LockPrefixes + report.Interlocked.MemoryExchanges)
            {
                Aim = 0,
            },
        ];
    }
}

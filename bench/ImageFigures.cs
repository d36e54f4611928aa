namespace Atoll.Bench;

/// <summary>What can be read off the image file alone.</summary>
internal static class ImageFigures
{
    /// <summary>Measures.</summary>
    public static IEnumerable<Figure> Measure(string imagePath)
    {
        yield return new Figure("image.size", "bytes", new FileInfo(imagePath).Length);
    }
}

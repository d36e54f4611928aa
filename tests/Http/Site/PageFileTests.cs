using System.Globalization;
using System.Text.RegularExpressions;

namespace Atoll.Http.Tests.Site;

/// <summary>What the page is made of, without a browser: nothing from elsewhere, and colours that can be read.</summary>
public sealed partial class PageFileTests
{
    // WCAG 2.2, "Contrast (Minimum)": text at least 4.5 to 1.
    private const double ContrastMin = 4.5;

    [Theory]
    [InlineData("page.html")]
    [InlineData("page.css")]
    [InlineData("page.js")]
    [InlineData("icon.svg")]
    public void File_AsksNobodyElse(string name)
    {
        string text = SiteFiles.Read(name).Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal);

        Assert.DoesNotContain("//", Comment().Replace(text, ""), StringComparison.Ordinal);
        Assert.DoesNotContain("style=", text, StringComparison.Ordinal);
        Assert.DoesNotContain("innerHTML", text, StringComparison.Ordinal);
        Assert.DoesNotContain("eval(", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Text_CanBeReadOnEveryGround(int theme)
    {
        Dictionary<string, double> light = Colour().Matches(Theme().Matches(SiteFiles.Read("page.css"))[theme].Value)
            .ToDictionary(match => match.Groups[1].Value, match => Luminance(match.Groups[2].Value));

        Assert.All(
            from ink in new[] { "ink", "quiet", "good", "bad", "accent" } from ground in new[] { "ground", "card" } select (ink, ground),
            pair => Assert.True(Contrast(light[pair.ink], light[pair.ground]) >= ContrastMin, $"{pair.ink} on {pair.ground}"));
    }

    private static double Contrast(double first, double second) => (Math.Max(first, second) + 0.05) / (Math.Min(first, second) + 0.05);

    // WCAG 2.2, "relative luminance".
    private static double Luminance(string colour)
    {
        double Part(int place)
        {
            double value = int.Parse(colour.AsSpan(place, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) / 255.0;
            return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
        }

        return (0.2126 * Part(0)) + (0.7152 * Part(2)) + (0.0722 * Part(4));
    }

    [GeneratedRegex("^//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(":root \\{[^}]*\\}")]
    private static partial Regex Theme();

    [GeneratedRegex("--([a-z]+): #([0-9a-f]{6})")]
    private static partial Regex Colour();
}

using System.Reflection;
using Atoll.Planting;

namespace Atoll.Net.Tests.Wire;

/// <summary>The copies of the product's own CoreLib, by which frames, buffers and structures move: any length, and ranges that overlap.</summary>
public sealed class CoreLibCopyTests
{
    private const string Copies = "kernel/CoreLib/System/SpanHelpers.cs";
    private const string Probe = "Probe.cs";
    private const int LengthMax = 70;
    private const int DistanceMax = 40;
    private const int Around = 8;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly PlantedSources _sources = new("Atoll.Copies", Texts(), ["System"], name => name.StartsWith("System.", StringComparison.Ordinal));

    [Fact]
    public void Copy_MovesAllBytes_AndNoOthers() => Assert.Null(_sources.FindNothing(s_patience, Look));

    [Theory]
    [InlineData("done < end; done", "done + Block.SizeBytes < end; done")]
    [InlineData("Unsafe.Add(ref destination, end)) = last;", "Unsafe.Add(ref destination, end)) = default;")]
    [InlineData("ulong last = Unsafe.As<byte, ulong>(ref Unsafe.Add(ref source, length - sizeof(ulong)));", "ulong last = first;")]
    [InlineData("if (length >= sizeof(ulong))", "if (length >= sizeof(uint))")]
    [InlineData("ref source, ref destination) >= length", "ref source, ref destination) >= 0")]
    public void SeededDefect_IsFound(string find, string replace)
    {
        Assert.Null(_sources.Fault(Copies, find, replace));
        Assert.NotNull(_sources.Find(Copies, find, replace, s_patience, Look));
    }

    // Under a name that the host's own library does not have. There a distance has a sign.
    private static Dictionary<string, string> Texts()
    {
        var texts = new Dictionary<string, string>(PlantedSources.Files([Copies, "kernel/CoreLib/Atoll"]));
        texts[Copies] = texts[Copies]
            .Replace("namespace System;", "namespace Atoll.Copies;", StringComparison.Ordinal)
            .Replace("Unsafe.ByteOffset(", "(nuint)Unsafe.ByteOffset(", StringComparison.Ordinal);
        texts[Probe] = """
            namespace Atoll.Copies;
            public static class Probe
            {
                public static void Move(byte[] bytes, int to, int from, int length) => SpanHelpers.Memmove(ref bytes[to], ref bytes[from], (nuint)length);
            }
            """;
        return texts;
    }

    private static string? Look(Assembly assembly)
    {
        Action<byte[], int, int, int> move = assembly.GetType("Atoll.Copies.Probe")!.GetMethod("Move")!.CreateDelegate<Action<byte[], int, int, int>>();
        for (int length = 0; length <= LengthMax; length++)
        {
            for (int distance = -DistanceMax; distance <= DistanceMax; distance++)
            {
                if (!IsRight(move, length, distance))
                {
                    return $"{length} bytes, {distance} bytes further";
                }
            }
        }

        return null;
    }

    private static bool IsRight(Action<byte[], int, int, int> move, int length, int distance)
    {
        byte[] bytes = [.. Enumerable.Range(0, (2 * (DistanceMax + Around)) + LengthMax).Select(at => (byte)((at * 7) + 3))];
        byte[] expected = [.. bytes];
        int from = DistanceMax + Around;
        Array.Copy(expected, from, expected, from + distance, length);
        move(bytes, from + distance, from, length);
        return bytes.SequenceEqual(expected);
    }
}

namespace Atoll.Image.Tests;

/// <summary>The same sources give the same image, byte for byte, whoever builds them where.</summary>
public sealed class ReproducibleImageTests
{
    [Fact]
    public void AnotherFolder_Parallelism_TimeZone_AndLocale_GiveTheSameBytes()
    {
        using var near = new SourceCopy("a");
        using var far = new SourceCopy(Path.Combine("quite", "another folder", "with a longer name"));

        byte[] first = near.BuildImage(processes: 1, ("TZ", "UTC"), ("LC_ALL", "C"));
        byte[] second = far.BuildImage(processes: 2, ("TZ", "Asia/Kathmandu"), ("LC_ALL", "tr_TR.UTF-8"));

        Assert.Equal(first.Length, second.Length);
        Assert.Equal(-1, FirstDifference(first, second));

        // The comparison can fail: another source gives another image.
        string limits = Path.Combine(near.Root, "kernel", "Base", "Limits.cs");
        File.WriteAllText(limits, File.ReadAllText(limits).Replace("IdleTurnsMax = 64;", "IdleTurnsMax = 65;"));
        Assert.NotEqual(-1, FirstDifference(near.BuildImage(processes: 2), second));
    }

    private static int FirstDifference(byte[] first, byte[] second)
    {
        for (int i = 0; i < first.Length; i++)
        {
            if (first[i] != second[i])
            {
                return i;
            }
        }

        return -1;
    }
}

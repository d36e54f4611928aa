using System.Text;
using Atoll.Cli.Running;

namespace Atoll.Cli.Tests.Running;

/// <summary>Which keys are the guest's, as in QEMU's terminal.</summary>
public sealed class EscapeKeyTests
{
    [Theory]
    [InlineData("ls\r", "ls\r", false)]
    [InlineData("\x03", "\x03", false)]
    [InlineData("\x01x", "", true)]
    [InlineData("a\x01Xb", "a", true)]
    [InlineData("\x01\x01", "\x01", false)]
    [InlineData("\x01\x01x", "\x01x", false)]
    [InlineData("\x01k", "\x01k", false)]
    [InlineData("x\x01", "x", false)]
    public void KeysAreDivided(string typed, string forGuest, bool isEnd)
    {
        Assert.Equal((forGuest, isEnd), Take(typed, typed.Length));
        Assert.Equal((forGuest, isEnd), Take(typed, 1));
    }

    private static (string ForGuest, bool IsEnd) Take(string typed, int piece)
    {
        EscapeKey keys = new();
        StringBuilder forGuest = new();
        byte[] bytes = Encoding.ASCII.GetBytes(typed);
        for (int at = 0; at < bytes.Length; at += piece)
        {
            forGuest.Append(Encoding.ASCII.GetString(keys.Take(bytes.AsSpan(at, int.Min(piece, bytes.Length - at)))));
        }

        return (forGuest.ToString(), keys.IsEnd);
    }
}

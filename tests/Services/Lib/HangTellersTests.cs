using System.Text;
using Atoll.Services.Lib;

namespace Atoll.Services.Tests.Lib;

/// <summary>Only who the system says may say that a program hangs, and only of that program.</summary>
public sealed class HangTellersTests
{
    [Theory]
    [InlineData("6=5", 6ul, 4u, true)]
    [InlineData("6=5", 6ul, 5u, false)]
    [InlineData("6=5", 5ul, 4u, false)]
    [InlineData("6=5", 0ul, 4u, false)]
    [InlineData("6=5 9=8", 9ul, 7u, true)]
    [InlineData("6=5 9=8", 6ul, 7u, false)]
    [InlineData("x=5 6=5", 6ul, 4u, true)]
    [InlineData("", 0ul, 0xFFFF_FFFFu, false)]
    [InlineData("", 0ul, 0u, false)]
    [InlineData("6=", 6ul, 4u, false)]
    [InlineData("1=2 1=3 1=4 1=5 1=6 1=7 1=8 1=9 6=5", 6ul, 4u, false)]
    public void PairsOfTheSystem_AreAllThatMay(string arguments, ulong teller, uint program, bool may)
    {
        HangTellers tellers = HangTellers.Of(Encoding.UTF8.GetBytes(arguments));
        Assert.Equal(may, tellers.May(teller, program));
    }
}

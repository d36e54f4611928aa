using Atoll.Analyzers.CodeFixes;
using Atoll.Analyzers.Messages;
using Xunit;

namespace Atoll.Analyzers.Tests.CodeFixes;

/// <summary>ATL0502.</summary>
public sealed class RoundUpSizeFixTests : CodeFixTests<MessageSizeAnalyzer, RoundUpSizeFix>
{
    [Fact]
    public Task DeclaresWholeLines() => FixesAsync(
        """
        using System.Runtime.InteropServices;

        [Message, StructLayout(LayoutKind.Explicit, Size = 56)]
        struct Short { [FieldOffset(0)] public ulong Word; }

        [Message]
        [StructLayout(LayoutKind.Explicit)]
        struct Long { [FieldOffset(60)] public ulong Word; }
        """,
        """
        using System.Runtime.InteropServices;

        [Message, StructLayout(LayoutKind.Explicit, Size = 64)]
        struct Short { [FieldOffset(0)] public ulong Word; }

        [Message]
        [StructLayout(LayoutKind.Explicit, Size = 128)]
        struct Long { [FieldOffset(60)] public ulong Word; }
        """);

    [Theory]
    [InlineData("[Message] struct S { public ulong Word; }")]
    [InlineData("[Message, StructLayout(LayoutKind.Explicit)] struct S { }")]
    [InlineData("[Message, StructLayout(LayoutKind.Sequential, Pack = 1)] struct S { public ulong Word; }")]
    // The number has a name, and others may use it.
    [InlineData("[Message, StructLayout(LayoutKind.Sequential, Size = Bytes)] struct S { public const int Bytes = 56; public ulong Word; }")]
    [InlineData("[Message, StructLayout(LayoutKind.Sequential, Size = 56)] unsafe struct S { public ulong Word; public void* Place; }")]
    public Task IsNotOffered(string text) => IsNotOfferedAsync("using System.Runtime.InteropServices; " + text);
}

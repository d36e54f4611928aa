using Atoll.Analyzers.CodeFixes;
using Atoll.Analyzers.Messages;
using Atoll.Analyzers.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace Atoll.Analyzers.Tests.CodeFixes;

/// <summary>ATL0503.</summary>
public sealed class WriteLayoutFixTests : CodeFixTests<ExplicitLayoutAnalyzer, WriteLayoutFix>
{
    private const string Ordered =
        """
        using System.Runtime.InteropServices;

        /// <summary>Asks for memory.</summary>
        [Message]
        public struct Request
        {
            /// <summary>Who asks.</summary>
            public ushort Sender; // A core.
            public ulong Base;
            public byte Kind;
            public uint Count;
            public const int Limit = 9;
        }

        [Message]
        [StructLayout(LayoutKind.Sequential, Size = 128)]
        struct Reply { public uint Reserved0; public ulong Word; }
        """;

    private const string Written =
        """
        using System.Runtime.InteropServices;

        /// <summary>Asks for memory.</summary>
        [Message]
        [StructLayout(LayoutKind.Explicit, Size = 64)]
        public struct Request
        {
            /// <summary>Who asks.</summary>
            [FieldOffset(0)] public ushort Sender; // A core.
            [FieldOffset(2)] public ushort Reserved0;
            [FieldOffset(4)] public uint Reserved1;
            [FieldOffset(8)] public ulong Base;
            [FieldOffset(16)] public byte Kind;
            [FieldOffset(17)] public byte Reserved2;
            [FieldOffset(18)] public ushort Reserved3;
            [FieldOffset(20)] public uint Count;
            [FieldOffset(24)] public ulong Reserved4;
            [FieldOffset(32)] public ulong Reserved5;
            [FieldOffset(40)] public ulong Reserved6;
            [FieldOffset(48)] public ulong Reserved7;
            [FieldOffset(56)] public ulong Reserved8;
            public const int Limit = 9;
        }

        [Message]
        [StructLayout(LayoutKind.Explicit, Size = 128)]
        struct Reply { [FieldOffset(0)] public uint Reserved0; [FieldOffset(4)] public uint Reserved1; [FieldOffset(8)] public ulong Word; [FieldOffset(16)] public ulong Reserved2; [FieldOffset(24)] public ulong Reserved3; [FieldOffset(32)] public ulong Reserved4; [FieldOffset(40)] public ulong Reserved5; [FieldOffset(48)] public ulong Reserved6; [FieldOffset(56)] public ulong Reserved7; [FieldOffset(64)] public ulong Reserved8; [FieldOffset(72)] public ulong Reserved9; [FieldOffset(80)] public ulong Reserved10; [FieldOffset(88)] public ulong Reserved11; [FieldOffset(96)] public ulong Reserved12; [FieldOffset(104)] public ulong Reserved13; [FieldOffset(112)] public ulong Reserved14; [FieldOffset(120)] public ulong Reserved15; }
        """;

    [Fact]
    public Task WritesOffsets_AndNamesWhatNobodyNames() => FixesAsync(Ordered, Written);

    /// <summary>The other rules about messages have nothing to say, and the compiler warns of nothing.</summary>
    [Fact]
    public async Task Outcome_IsAMessage()
    {
        Compilation compilation = TestPlatform.DotNet.Compile([CSharpSource.Parse(Written)], "Atoll.Test");

        Assert.Empty(await RuleVerifier.RunAsync(
            [new BlittableMessageAnalyzer(), new MessageSizeAnalyzer(), new ExplicitLayoutAnalyzer()], compilation, isConcurrent: false));
        Assert.Empty(compilation.GetDiagnostics().Where(static one => one.Severity >= DiagnosticSeverity.Warning));
    }

    [Fact]
    public Task FillsTheHolesOfAWrittenLayout() => FixesAsync(
        """
        [Message, StructLayout(LayoutKind.Explicit, Size = 64)]
        struct Note
        {
            // Not at the start.
            [FieldOffset(4)] public uint Kind;
            [FieldOffset(16)] public Words Last;
            [FieldOffset(16)] [Overlay] public ulong First;
            [FieldOffset(8)] public ushort Index;
        }

        [System.Runtime.CompilerServices.InlineArray(6)]
        struct Words { private ulong _word; }
        """,
        """
        [Message, StructLayout(LayoutKind.Explicit, Size = 64)]
        struct Note
        {
            // Not at the start.
            [FieldOffset(0)] public uint Reserved0;
            [FieldOffset(4)] public uint Kind;
            [FieldOffset(16)] public Words Last;
            [FieldOffset(16)] [Overlay] public ulong First;
            [FieldOffset(8)] public ushort Index;
            [FieldOffset(10)] public ushort Reserved1;
            [FieldOffset(12)] public uint Reserved2;
        }

        [System.Runtime.CompilerServices.InlineArray(6)]
        struct Words { private ulong _word; }
        """);

    [Fact]
    public Task NamesTheAttributesInFull_WhereTheyAreHidden() => FixesAsync(
        """
        namespace Other
        {
            class FieldOffsetAttribute : System.Attribute;
            class LayoutKind;

            [Message] struct S
            {
                public Words Words;
            }

            [System.Runtime.CompilerServices.InlineArray(8)]
            struct Words { private ulong _word; }
        }
        """,
        """
        namespace Other
        {
            class FieldOffsetAttribute : System.Attribute;
            class LayoutKind;

            [Message]
            [StructLayout(System.Runtime.InteropServices.LayoutKind.Explicit, Size = 64)] struct S
            {
                [System.Runtime.InteropServices.FieldOffset(0)] public Words Words;
            }

            [System.Runtime.CompilerServices.InlineArray(8)]
            struct Words { private ulong _word; }
        }
        """);

    [Theory]
    [InlineData("[Message] struct S { }")]
    [InlineData("[Message] struct S { public ulong A, B; }")]
    [InlineData("[Message] struct S { public ulong A { get; set; } }")]
    [InlineData("[Message] unsafe struct S { public ulong A; public void* B; }")]
    [InlineData("[Message] partial struct S { public ulong A; }")]
    [InlineData("[Message, StructLayout(LayoutKind.Sequential, Pack = 1)] struct S { public ulong A; }")]
    // Which of the two is to move?
    [InlineData("[Message, StructLayout(LayoutKind.Explicit, Size = 64)] struct S { [FieldOffset(0)] public ulong A; [FieldOffset(4)] public uint B; }")]
    [InlineData("[Message, StructLayout(LayoutKind.Explicit, Size = 64)] struct S { [FieldOffset(2)] public uint A; }")]
    public Task IsNotOffered(string text) => IsNotOfferedAsync("using System.Runtime.InteropServices; " + text);
}

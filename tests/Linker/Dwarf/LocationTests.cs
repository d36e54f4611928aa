using Atoll.Linker.Tests.Passes;

namespace Atoll.Linker.Tests.Dwarf;

/// <summary>A debugger is told of a register only where it holds the variable.</summary>
/// <remarks>Registers are DWARF's: 5 is RDI, 4 RSI, 1 RDX, 2 RCX.</remarks>
public sealed class LocationTests
{
    private static readonly byte[] s_rdi = [0x55];
    private static readonly byte[] s_rsiRdi = [0x54, 0x93, 8, 0x55, 0x93, 8];

    [Theory]
    [InlineData("nothing writes RDI", new byte[] { 0x8B, 0x07, 0xC3 }, "reg5")] // mov eax, [rdi]; ret
    [InlineData("its half is written", new byte[] { 0x8B, 0x07, 0x89, 0xF7, 0xC3 }, "reg5 until 3")] // mov edi, esi
    [InlineData("its lowest byte is written", new byte[] { 0x40, 0x88, 0xF7, 0xC3 }, "reg5 until 1")] // mov dil, sil
    [InlineData("it is written beside what is read", new byte[] { 0x90, 0xA4, 0xC3 }, "reg5 until 2")] // movsb
    [InlineData("it may be written", new byte[] { 0x90, 0x48, 0x0F, 0x44, 0xFE, 0xC3 }, "reg5 until 2")] // cmove rdi, rsi
    [InlineData("a call changes it", new byte[] { 0x90, 0xE8, 0, 0, 0, 0, 0xC3 }, "reg5 until 2")]
    [InlineData("so may a call through a register", new byte[] { 0x90, 0x90, 0xFF, 0xD0, 0xC3 }, "reg5 until 3")] // call rax
    [InlineData("a call comes first", new byte[] { 0xE8, 0, 0, 0, 0, 0x90, 0xC3 }, "reg5 until 1")]
    // inc rdi; jmp
    [InlineData("a loop comes back with another value", new byte[] { 0x8B, 0x07, 0x48, 0xFF, 0xC7, 0xEB, 0xF9 }, "nowhere")]
    [InlineData("a loop comes back behind the start", new byte[] { 0x90, 0x8B, 0x07, 0x48, 0xFF, 0xC7, 0xEB, 0xF9 }, "reg5 until 1")]
    [InlineData("two loops", new byte[] { 0x90, 0x90, 0x90, 0xEB, 0xFD, 0x48, 0xFF, 0xC7, 0xEB, 0xF8 }, "reg5 until 2")]
    [InlineData("a loop that does not write it", new byte[] { 0x8B, 0x07, 0x75, 0xFC, 0xC3 }, "reg5")] // jne 0
    [InlineData("a jump out of the function", new byte[] { 0x31, 0xFF, 0xE9, 0, 0, 0, 0 }, "reg5 until 1")] // xor edi, edi; jmp leaf
    [InlineData("a jump to nobody knows where", new byte[] { 0x90, 0x31, 0xFF, 0xFF, 0xE0 }, "nowhere")] // xor edi, edi; jmp rax
    public void Argument_IsInItsRegister_AsLongAsThatIsSeen(string why, byte[] code, string place) =>
        Assert.Equal((why, place), (why, VariableObject.Place(VariableObject.With(code, s_rdi))));

    /// <summary>The other one's write ends both.</summary>
    [Theory]
    [InlineData(new byte[] { 0x8B, 0x07, 0xC3 }, "reg5,reg4")]
    [InlineData(new byte[] { 0x90, 0xE8, 0, 0, 0, 0, 0xC3 }, "reg5,reg4 until 2")]
    [InlineData(new byte[] { 0x90, 0x31, 0xF6, 0xC3 }, "reg5,reg4 until 2")] // xor esi, esi
    public void Span_HasItsPointerInTheFirstRegister(byte[] code, string place) =>
        Assert.Equal(place, VariableObject.Place(VariableObject.With(code, s_rsiRdi)));

    [Theory]
    [InlineData(new byte[] { 0x55, 0x93, 8, 0x54, 0x93, 8 }, "reg5,reg4")]
    [InlineData(new byte[] { 0x51, 0x93, 8, 0x54, 0x93, 8 }, "reg4,reg1")]
    [InlineData(new byte[] { 0x52, 0x93, 8, 0x51, 0x93, 8 }, "reg1,reg2")]
    [InlineData(new byte[] { 0x58, 0x93, 8, 0x52, 0x93, 8 }, "reg2,reg8")]
    [InlineData(new byte[] { 0x59, 0x93, 8, 0x58, 0x93, 8 }, "reg8,reg9")]
    [InlineData(new byte[] { 0x59, 0x93, 8, 0x55, 0x93, 8 }, "reg9,reg5")]
    public void TwoRegisters_AreTurnedRound_WhenTheyAreNeighboursInTheWrongOrder(byte[] place, string expected) =>
        Assert.Equal(expected, VariableObject.Place(VariableObject.With([0xC3], place)));

    // A local in R15 (DWARF's 15): push r15; …; pop r15; ret.
    [Theory]
    [InlineData("given once", new byte[] { 0x41, 0x57, 0x44, 0x8B, 0xF8, 0x90, 0x41, 0x5F, 0xC3 }, "reg15 from 5 until 7")] // mov r15d, eax
    [InlineData("given twice", new byte[] { 0x41, 0x57, 0x44, 0x8B, 0xF8, 0x49, 0xFF, 0xC7, 0x41, 0x5F, 0xC3 }, "nowhere")] // inc r15
    [InlineData("never given", new byte[] { 0x41, 0x57, 0x90, 0x41, 0x5F, 0xC3 }, "nowhere")]
    [InlineData("kept over a call", new byte[] { 0x44, 0x8B, 0xF8, 0xE8, 0, 0, 0, 0, 0x41, 0x5F, 0xC3 }, "reg15 from 3 until 9")]
    [InlineData("jumped over", new byte[] { 0x74, 0x03, 0x44, 0x8B, 0xF8, 0x90, 0x41, 0x5F, 0xC3 }, "nowhere")] // je 5
    [InlineData("in a loop", new byte[] { 0x44, 0x8B, 0xF8, 0x75, 0xFB, 0x41, 0x5F, 0xC3 }, "reg15 from 3 until 6")] // jne 0
    [InlineData("a jump to nobody knows where comes first", new byte[] { 0xFF, 0xE0, 0x44, 0x8B, 0xF8, 0x41, 0x5F, 0xC3 }, "nowhere")]
    [InlineData("work behind a restore", new byte[] { 0x44, 0x8B, 0xF8, 0x41, 0x5F, 0x90, 0x90, 0xC3 }, "nowhere")]
    [InlineData("two ways out", new byte[] { 0x44, 0x8B, 0xF8, 0x74, 0x03, 0x41, 0x5F, 0xC3, 0x41, 0x5F, 0xC3 }, "reg15 from 3 until 6")]
    public void Local_IsInAKeptRegister_BehindItsOnlyWrite(string why, byte[] code, string place)
    {
        Assert.Equal((why, place), (why, VariableObject.Place(VariableObject.With(code, [0x5F], isLocal: true))));
        Assert.Equal((why, place), (why, VariableObject.Place(VariableObject.With(code, [0x5F]))));
    }

    /// <summary>Where a local, or an argument that was moved, begins to be there, the object does not say.</summary>
    [Theory]
    [InlineData(0x55, true)]
    [InlineData(0x50, true)]
    [InlineData(0x5E, true)]
    [InlineData(0x5E, false)]
    [InlineData(0x53, false)]
    [InlineData(0x50, false)]
    [InlineData(0x61, false)]
    public void OtherRegisters_AreNotNamed(byte register, bool isLocal) =>
        Assert.Equal("nowhere", VariableObject.Place(VariableObject.With([0xC3], [register], isLocal)));

    [Fact]
    public void PlacesOnTheStack_AreLeftAlone() =>
        Assert.Equal("stack+8", VariableObject.Place(VariableObject.With([0xE8, 0, 0, 0, 0, 0xC3], [0x77, 8], isLocal: true)));

    // nop; nop; call leaf; nop; ret
    [Theory]
    [InlineData(0, 9, 0x55, "reg5 until 3")]
    [InlineData(1, 7, 0x55, "reg5 from 1 until 3")]
    [InlineData(2, 9, 0x55, "reg5 from 2 until 3")]
    [InlineData(0, 2, 0x55, "reg5 until 2")]
    [InlineData(7, 9, 0x50, "reg0 from 7 until 9")]
    [InlineData(0, 9, 0x5E, "reg14 until 9")]
    [InlineData(0, 9, 0x53, "reg3 until 9")]
    public void List_EndsWhereACallBegins_UnlessCallsKeepTheRegister(long from, long to, byte register, string place) =>
        Assert.Equal(
            place, VariableObject.Place(VariableObject.WithList([0x90, 0x90, 0xE8, 0, 0, 0, 0, 0x90, 0xC3], from, to, [register])));

    /// <summary>What a call is given is put where the variable was (found in the image: <c>mov rdi, rsi</c>, still within the stretch of
    /// an argument in RDI). What goes on with the value is a new one of the same variable.</summary>
    [Theory]
    // mov rdi, rsi
    [InlineData("its register is given another value", new byte[] { 0x90, 0x90, 0x48, 0x8B, 0xFE, 0x90, 0xC3 }, 0, 7, "reg5 until 3")]
    [InlineData("what gives it is at the start", new byte[] { 0x90, 0x90, 0x48, 0x8B, 0xFE, 0x90, 0xC3 }, 2, 7, "reg5 from 2 until 7")]
    [InlineData("its half is given another value", new byte[] { 0x90, 0x89, 0xF7, 0x90, 0xC3 }, 0, 5, "reg5 until 2")] // mov edi, esi
    [InlineData("it is counted up", new byte[] { 0x90, 0x48, 0xFF, 0xC7, 0x90, 0xC3 }, 0, 6, "reg5 until 6")] // inc rdi
    [InlineData("it is read only", new byte[] { 0x90, 0x48, 0x8B, 0xF7, 0x90, 0xC3 }, 0, 6, "reg5 until 6")] // mov rsi, rdi
    [InlineData("the write is behind the stretch", new byte[] { 0x90, 0x90, 0x48, 0x8B, 0xFE, 0xC3 }, 0, 2, "reg5 until 2")]
    public void List_EndsWhereTheRegisterIsGivenAnotherValue(string why, byte[] code, long from, long to, string place) =>
        Assert.Equal((why, place), (why, VariableObject.Place(VariableObject.WithList(code, from, to, s_rdi))));

    /// <summary>The other one's write ends both.</summary>
    [Fact]
    public void ListOfTwoRegisters_EndsWithTheFirstThatIsLost() =>
        Assert.Equal("reg5,reg4 until 2", VariableObject.Place(
            VariableObject.WithList([0x90, 0x31, 0xF6, 0x90, 0xC3], 0, 5, [0x55, 0x93, 8, 0x54, 0x93, 8]))); // xor esi, esi

    /// <summary>Found in the image: of a span that is kept on the stack later, the first stretch is in two registers.</summary>
    [Theory]
    [InlineData(new byte[] { 0x58, 0x93, 8, 0x52, 0x93, 8 }, "reg2,reg8 until 2")]
    [InlineData(new byte[] { 0x52, 0x93, 8, 0x58, 0x93, 8 }, "reg2,reg8 until 2")]
    [InlineData(new byte[] { 0x59, 0x93, 8, 0x55, 0x93, 8 }, "reg9,reg5 until 2")]
    public void TwoRegistersOfAList_AreTurnedRound_Too(byte[] place, string expected) =>
        Assert.Equal(expected, VariableObject.Place(VariableObject.WithList([0x90, 0x90, 0xC3], 0, 2, place)));

    /// <summary>Each has a list of its own, of addresses from the unit's on.</summary>
    [Fact]
    public void Arguments_HaveAListEach() =>
        // nop; xor esi, esi; xor edi, edi; mov edx, ecx; ret
        Assert.Equal(
            ["reg5 until 4", "reg4 until 2", "reg5,reg4 until 2", "reg1 until 6", "reg2"],
            VariableObject.Places(VariableObject.WithAll(
                [0x90, 0x31, 0xF6, 0x31, 0xFF, 0x89, 0xCA, 0xC3], s_rdi, [0x54], s_rsiRdi, [0x51], [0x52])));

    /// <summary>A unit of another version may have another form: what cannot be read is not touched.</summary>
    [Fact]
    public void UnitThatIsNotUnderstood_StaysAsItIs()
    {
        byte[] call = [0xE8, 0, 0, 0, 0, 0xC3];
        byte[] kept = VariableObject.With(call, s_rdi, version: 3).Section(".debug_info").Content.ToArray();
        byte[] changed = VariableObject.With(call, s_rdi).Section(".debug_info").Content.ToArray();

        Assert.Equal(0x55, kept[^3]);
        Assert.Equal(3, kept[37]);
        Assert.NotEqual(3, changed[37]);
    }
}

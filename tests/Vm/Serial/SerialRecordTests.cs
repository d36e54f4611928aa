using Atoll.TestVm.Serial;

namespace Atoll.Vm.Tests.Serial;

/// <summary>Records are read as docs/serial.md defines them, and a broken guest's output is no record.</summary>
public sealed class SerialRecordTests
{
    [Fact]
    public void Record_HasNameAndKeys()
    {
        Assert.True(SerialRecord.TryParse("@panic core=3 reason=page-fault cr2=0xffffffff80301ff8", out SerialRecord? record));

        Assert.Equal("panic", record.Name);
        Assert.Equal("page-fault", record["reason"]);
        Assert.Equal(3, record.SmallNumber("core"));
        Assert.Equal(0xFFFF_FFFF_8030_1FF8, record.Number("cr2"));
        Assert.Equal("", record["vector"]);
    }

    [Fact]
    public void RecordWithoutKeys_IsARecord() => Assert.True(SerialRecord.TryParse("@hold", out _));

    [Fact]
    public void EmptyValue_IsAValue()
    {
        Assert.True(SerialRecord.TryParse("@verdict result=pass reason=", out SerialRecord? record));
        Assert.Equal("", record["reason"]);
    }

    [Theory]
    [InlineData("atoll: ready")]
    [InlineData("@")]
    [InlineData("@ core=1")]
    [InlineData("@Boot phase=entry")]
    [InlineData("@boot phase")]
    [InlineData("@boot =entry")]
    [InlineData("@boot phase=entry  tsc=1")]
    [InlineData("@boot phase=entry phase=memory")]
    [InlineData("@bo?t phase=entry")]
    [InlineData("")]
    public void MalformedLine_IsNoRecord(string line) => Assert.False(SerialRecord.TryParse(line, out _));

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("0x")]
    [InlineData("-1")]
    [InlineData("0xg")]
    [InlineData("18446744073709551616")]
    public void NoNumber_IsAProtocolError(string value)
    {
        Assert.True(SerialRecord.TryParse($"@ring sent={value}", out SerialRecord? record));
        Assert.False(record.TryNumber("sent", out _));
        Assert.Throws<SerialProtocolException>(() => record.Number("sent"));
    }

    [Fact]
    public void CoreNumberBeyondInt_IsAProtocolError()
    {
        Assert.True(SerialRecord.TryParse("@ring core=2147483648", out SerialRecord? record));
        Assert.Throws<SerialProtocolException>(() => record.SmallNumber("core"));
    }
}

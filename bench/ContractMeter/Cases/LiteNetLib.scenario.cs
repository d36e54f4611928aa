using LiteNetLib.Utils;

/// <summary>One message of a game: written, and read on the other side.</summary>
public static class Scenario
{
	private static readonly NetDataWriter s_writer = new NetDataWriter();
	private static readonly NetDataReader s_reader = new NetDataReader();
	private static readonly float[] s_position = { 1.5f, 2.5f, 3.5f };
	private static readonly float[] s_read = new float[3];
	private static int s_sum;

	public static void Run()
	{
		s_writer.Reset();
		s_writer.Put(42);
		s_writer.Put("player one");
		s_writer.PutArray(s_position);

		s_reader.SetSource(s_writer);
		s_sum += s_reader.GetInt() + s_reader.GetString().Length + s_reader.GetFloatArray().Length;
	}
}

using EdgeMl.Mcu.Bench.Hil.Configuration;
using EdgeMl.Mcu.Bench.Hil.Models;

namespace EdgeMl.Mcu.Bench.Hil.Boards;

/// <summary>Makes the boards of a bench.</summary>
/// <param name="configuration">The board's part of the bench's file.</param>
/// <param name="board">Its descriptor.</param>
/// <param name="services">What comes from elsewhere.</param>
public delegate BoardUnderTest BoardFactory(BoardConfiguration configuration, BenchBoard board, BenchServices services);

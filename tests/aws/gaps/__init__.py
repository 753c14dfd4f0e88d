"""What moto's server lacks; every module adds one service's part when it is called."""
